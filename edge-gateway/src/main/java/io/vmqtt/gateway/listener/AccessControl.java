package io.vmqtt.gateway.listener;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.cluster.machine.FileWatches;
import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.Anonymous;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.AuthenticationChain;
import io.vmqtt.gateway.access.AuthenticationMethod;
import io.vmqtt.gateway.access.Authenticator;
import io.vmqtt.gateway.access.BoundClientIds;
import io.vmqtt.gateway.access.CertificateUsers;
import io.vmqtt.gateway.access.ClientIds;
import io.vmqtt.gateway.access.ComposedAccess;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Mechanism;
import io.vmqtt.gateway.access.OpenAccess;
import io.vmqtt.gateway.access.ProxiedUsers;
import io.vmqtt.gateway.access.bans.Guard;
import io.vmqtt.gateway.access.bans.HoldOffs;
import io.vmqtt.gateway.access.bans.LiveBans;
import io.vmqtt.gateway.access.passwords.PasswordFile;
import io.vmqtt.gateway.access.passwords.Passwords;
import io.vmqtt.gateway.access.rules.LiveRules;
import io.vmqtt.gateway.access.rules.OwnTrees;
import io.vmqtt.gateway.access.rules.RuledAccess;
import io.vmqtt.gateway.access.scram.Scram;
import io.vmqtt.gateway.access.scram.ScramHash;
import io.vmqtt.gateway.access.tokens.TokenMechanism;
import io.vmqtt.gateway.audit.Audit;
import io.vmqtt.gateway.audit.AuditEvent;
import io.vmqtt.gateway.audit.AuditedAccess;
import io.vmqtt.gateway.audit.Change;
import io.vmqtt.gateway.audit.FairAudit;
import io.vmqtt.gateway.config.AccessMethods;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.config.LogConfig;
import io.vmqtt.model.ReasonCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The access control of each listener, as its options say, and the files that it needs. Used by one
 * thread at a time.
 */
public final class AccessControl implements AutoCloseable {
  private final FileWatches files = new FileWatches();
  private final CredentialChecks checks;
  private final Map<Path, InFile<Passwords>> byFile = new HashMap<>();
  private final TokenAccess tokens;
  private final OutsideAccess outside;
  private final OpenAccess open = new OpenAccess();
  private final MeterRegistry registry;
  private volatile @Nullable AuditFile auditFile;
  private volatile String node = "";
  private Audit audit;
  private @Nullable AuditedFacts auditedFacts;

  /** What is read anew when its file changes. */
  private record InFile<T>(T content, FileWatches.Watch watch) {
    static <T> @Nullable T contentOf(@Nullable InFile<T> file) {
      return file == null ? null : file.content;
    }
  }

  /** That of no listener yet. */
  public AccessControl(MeterRegistry registry) {
    this.registry = registry;
    this.audit = new CountedAudit(registry, (event, rule) -> {});
    checks = new CredentialChecks(Runtime.getRuntime().availableProcessors());
    tokens = new TokenAccess(files, checks, registry, this::tell);
    outside = new OutsideAccess(files, checks, registry);
    Gauge.builder("vmqtt.gateway.credentials.waiting", checks, CredentialChecks::waiting)
        .description("passwords and tokens that wait to be checked")
        .register(registry);
    FunctionCounter.builder("vmqtt.gateway.credentials.checked", checks, CredentialChecks::begun)
        .description(
            "passwords whose hash was computed, not those that were right before; and tokens")
        .register(registry);
    FunctionCounter.builder("vmqtt.gateway.credentials.refused", checks, CredentialChecks::refused)
        .description(
            "passwords and tokens that were not checked because too many waited: server busy")
        .register(registry);
  }

  /**
   * Writes down what is decided, and what changes, from here on.
   *
   * @param self the node where it is
   * @throws IOException if the file cannot be written; the message names it
   */
  public void writeDown(LogConfig logs, String self) throws IOException {
    node = self;
    Path file = logs.audit();
    if (file != null) {
      AuditFile opened = new AuditFile(file, logs.auditBytes(), logs.auditFiles());
      FairAudit fair = new FairAudit(opened, System::nanoTime);
      auditFile = opened;
      audit = new CountedAudit(registry, fair);
      FunctionCounter.builder("vmqtt.gateway.audit.left.out", fair, FairAudit::leftOut)
          .description("events that the audit file does without: too many of one address")
          .register(registry);
      FunctionCounter.builder("vmqtt.gateway.audit.dropped", opened, AuditFile::dropped)
          .description("events that the audit file lacks: they came faster than the disk took them")
          .register(registry);
    }
  }

  /** Counts, and writes down, that something is another from here on. From any thread. */
  public void tell(Change change) {
    Counter.builder("vmqtt.gateway.access.changes")
        .description(
            "access rules, bans, namespaces, users, keys, certificates and listeners that this"
                + " gateway took over")
        .tag("of", change.of())
        .register(registry)
        .increment();
    AuditFile file = auditFile;
    if (file != null) {
      file.write(change, node);
    }
  }

  /** Counts, and writes down, what is said anew of rules, bans and namespaces. */
  public void tellOf(ClusterFacts facts) {
    auditedFacts = new AuditedFacts(facts, this::tell);
  }

  /** Counts, and writes down, what a guard does. */
  public void tellOf(Guard guard) {
    LiveBans bans = guard.bans();
    Gauge.builder("vmqtt.gateway.bans", bans, LiveBans::count)
        .description("bans of clients, users and addresses, those that have ended among them")
        .register(registry);
    FunctionCounter.builder("vmqtt.gateway.banned", bans, LiveBans::keptOut)
        .description("connections that were ended, or not let begin, for a ban")
        .register(registry);
    HoldOffs holdOffs = guard.holdOffs();
    FunctionCounter.builder("vmqtt.gateway.held.off", holdOffs, HoldOffs::begun)
        .description("addresses, users and clients that guessed, or came, too often")
        .register(registry);
    FunctionCounter.builder("vmqtt.gateway.held.off.connects", holdOffs, HoldOffs::turnedAway)
        .description("connections turned away because their client was held off")
        .register(registry);
    FunctionCounter.builder("vmqtt.gateway.held.off.pardoned", holdOffs, HoldOffs::takenBack)
        .description("hold-offs that this gateway knew of, and an operator took back")
        .register(registry);
    holdOffs.whenFound(
        (suspect, credentials, _) -> audit.record(AuditEvent.heldOff(suspect, credentials.peer())));
    holdOffs.whenPardoned(
        (pardon, takenBack) -> {
          AuditFile file = auditFile;
          if (file != null) {
            file.write(pardon, takenBack, node);
          }
        });
  }

  /** Counts rules that clients have of their own. */
  public void tellOf(OwnTrees own) {
    Gauge.builder("vmqtt.gateway.own.rules", own, OwnTrees::known)
        .description("different rules of clients' own that are kept compiled for those who come")
        .register(registry);
    Gauge.builder("vmqtt.gateway.own.rules.bytes", own, OwnTrees::bytes)
        .description("about how many bytes of memory they take")
        .baseUnit("bytes")
        .register(registry);
    FunctionCounter.builder("vmqtt.gateway.own.rules.compiled", own, OwnTrees::compiled)
        .description("how often rules of clients' own were compiled")
        .register(registry);
  }

  /**
   * Reads the files of some listeners.
   *
   * @throws IOException if one cannot be read; the message names it
   */
  public void read(List<ListenerConfig> listeners) throws IOException {
    for (ListenerConfig listener : listeners) {
      tokens.read(listener.methods().tokens());
      Path file = listener.methods().passwords();
      if (file != null && !byFile.containsKey(file)) {
        Passwords passwords = new Passwords(checks);
        byFile.put(
            file,
            new InFile<>(passwords, files.watch(file, bytes -> follow(file, bytes, passwords))));
      }
      outside.read(listener.methods().outside());
    }
  }

  private void follow(Path file, byte[] bytes, Passwords passwords) {
    PasswordFile users = PasswordFile.read(new String(bytes, StandardCharsets.UTF_8));
    passwords.users(users);
    tell(Change.of("passwords", Origin.of(file)).with("count", users.users().size()));
  }

  /**
   * Lets go of what none of these listeners needs; whoever asks it now is told no.
   *
   * @return what is left to do for that, which may wait for others, by any thread
   */
  public List<Runnable> keepOnly(Collection<ListenerConfig> listeners) {
    List<AccessMethods> methods = listeners.stream().map(ListenerConfig::methods).toList();
    List<Runnable> ends = new ArrayList<>(tokens.keepOnly(needed(methods, AccessMethods::tokens)));
    ends.addAll(
        Endings.keepOnly(
            needed(methods, AccessMethods::passwords), byFile, file -> file.watch().close()));
    ends.addAll(outside.keepOnly(methods.stream().map(AccessMethods::outside).toList()));
    return ends;
  }

  private static <K> Set<K> needed(
      List<AccessMethods> methods, Function<AccessMethods, @Nullable K> need) {
    return methods.stream().map(need).filter(Objects::nonNull).collect(Collectors.toSet());
  }

  /** That of a listener whose files were read. */
  public Access of(ListenerConfig listener) {
    AccessMethods methods = listener.methods();
    Authenticator authenticator =
        methods.areSet()
            ? new AuthenticationChain(chain(methods), mechanisms(methods))
            : listener.transport().requiresCertificates() ? AccessControl::nameless : open;
    ClientIds clientIds = methods.clientIds();
    return new ComposedAccess(
        outside.ruled(
            methods.outside(),
            clientIds == null ? authenticator : new BoundClientIds(clientIds, authenticator)),
        open);
  }

  /**
   * Whoever has a good certificate, which nobody says to name a user: a name that it says proves
   * nothing.
   */
  private static CompletableFuture<Authentication> nameless(Credentials credentials) {
    return CompletableFuture.completedFuture(
        credentials.certificate() == null
            ? new Authentication.Refused(ReasonCode.NOT_AUTHORIZED)
            : new Authentication.Accepted(credentials.identity(credentials.namespace(), null)));
  }

  /** The same by the rules in force, and those that clients have of their own. */
  public Access ruled(LiveRules rules, Access then) {
    return new RuledAccess(rules, then, checks);
  }

  /** The same with its decisions told. */
  public Access audited(ListenerConfig listener, Access decides) {
    return new AuditedAccess(listener.name(), decides, audit);
  }

  private List<AuthenticationMethod> chain(AccessMethods methods) {
    List<AuthenticationMethod> chain = new ArrayList<>();
    String proxied = methods.proxied();
    if (proxied != null) {
      chain.add(new ProxiedUsers(Pattern.compile(proxied)));
    }
    AccessMethods.CertificateUser certificate = methods.certificate();
    if (certificate != null) {
      chain.add(new CertificateUsers(certificate.part(), Pattern.compile(certificate.pattern())));
    }
    tokens.of(methods.tokens()).ifPresent(chain::add);
    Passwords passwords = InFile.contentOf(byFile.get(methods.passwords()));
    if (passwords != null) {
      chain.add(passwords);
    }
    chain.addAll(outside.chain(methods.outside()));
    if (methods.anonymous()) {
      chain.add(new Anonymous());
    }
    return chain;
  }

  /** What is there for passwords and tokens is there for exchanges, too. */
  private List<Mechanism> mechanisms(AccessMethods methods) {
    List<Mechanism> mechanisms = new ArrayList<>();
    Passwords passwords = InFile.contentOf(byFile.get(methods.passwords()));
    if (passwords != null) {
      for (ScramHash hash : ScramHash.values()) {
        mechanisms.add(new Scram(hash, passwords));
      }
    }
    tokens.of(methods.tokens()).map(TokenMechanism::new).ifPresent(mechanisms::add);
    return mechanisms;
  }

  @Override
  public void close() {
    if (auditedFacts != null) {
      auditedFacts.close();
    }
    files.close();
    tokens.close();
    outside.close();
    checks.close();
    AuditFile file = auditFile;
    if (file != null) {
      file.close();
    }
  }
}
