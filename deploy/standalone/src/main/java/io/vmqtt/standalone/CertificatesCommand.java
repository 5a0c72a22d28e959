package io.vmqtt.standalone;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import com.google.common.net.InetAddresses;
import com.google.common.net.InternetDomainName;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.tls.Certified;
import io.vmqtt.cluster.tls.PemFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vmqtt certificates}: certificates for the processes of a cluster. */
@Command(
    name = "certificates",
    description = "Makes certificates by which the processes of a cluster know each other.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Vmqtt.VersionLine.class,
    subcommands = CertificatesCommand.Init.class)
final class CertificatesCommand extends CommandGroup {

  /** {@code vmqtt certificates init}. */
  @Command(
      name = "init",
      description = "Makes an authority, and a certificate of each role that it has signed.",
      mixinStandardHelpOptions = true,
      versionProvider = Vmqtt.VersionLine.class,
      sortOptions = false,
      footer = {
        "",
        "DIR then has ca.pem, and NAME.pem with NAME.key for each of edge-gateway,",
        "routing-service, session-store and cluster-registry. What is there already stays as it",
        "is, but for what --renew-days says: to renew a certificate at any other time, take its",
        "two files away and call this again. Whoever has ca.key can make processes of the",
        "cluster: keep it elsewhere, none of them needs it.",
        "A certificate of --server is of no role: it opens no link.",
        "",
        "  vmqtt store --cluster-certificate DIR/session-store.pem \\",
        "              --cluster-key DIR/session-store.key --cluster-ca DIR/ca.pem",
      })
  static final class Init implements Callable<Integer> {
    private static final int MOST_DAYS = 36_500;
    private static final String AUTHORITY = "ca";
    private static final Pattern SERVER = Pattern.compile("([A-Za-z0-9][\\w-]*)=(.+)");
    private static final List<Role> ROLES =
        List.of(Role.EDGE_GATEWAY, Role.ROUTING_SERVICE, Role.SESSION_STORE, Role.CLUSTER_REGISTRY);

    private static final String ANYBODY = "rw-r--r--";
    private static final String OWNER_ALONE = "rw-------";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DIR", description = "Folder; made if it is not there.")
    private Path folder = Path.of("");

    @Option(
        names = "--host",
        paramLabel = "HOST",
        defaultValue = "localhost,127.0.0.1",
        split = ",",
        description = {
          "Names and addresses of the machines, for tools that look at them; the processes",
          "themselves go by roles. ${DEFAULT-VALUE} if left out."
        })
    private List<String> hosts = List.of();

    @Option(
        names = "--server",
        paramLabel = "NAME=HOST[,HOST...]",
        description = {
          "One more certificate, NAME.pem with NAME.key, of these hosts: for a listener of MQTT,",
          "for HTTP, or for Consul. Can be there several times."
        })
    private List<String> servers = List.of();

    @Option(
        names = "--days",
        paramLabel = "N",
        defaultValue = "365",
        description = "How long the certificates are good; ${DEFAULT-VALUE} if left out.")
    private int days;

    @Option(
        names = "--renew-days",
        paramLabel = "N",
        defaultValue = "0",
        description = {
          "Makes those anew, with another key, that are not good for so many days more; fewer",
          "than --days. They keep their names, whatever --host and --server say, and the owner,",
          "group and rights of their files. One of --server has to be named again. The authority",
          "stays: what believes it would have to learn of another.",
          "${DEFAULT-VALUE}, never, if left out."
        })
    private int renewDays;

    @Option(
        names = "--ca-days",
        paramLabel = "N",
        defaultValue = "3650",
        description = "How long the authority is; ${DEFAULT-VALUE} if left out.")
    private int authorityDays;

    @Override
    public Integer call() throws IOException {
      Duration life = life("--days", days);
      Duration authorityLife = life("--ca-days", authorityDays);
      requireRenewal();
      List<GeneralName> names = names("--host", hosts);
      Map<String, List<GeneralName>> others = others();
      Instant now = Instant.now();
      Files.createDirectories(folder);
      // Of two calls at once the second sees what the first has made.
      return ReplacedFile.alone(
          folder.resolve(AUTHORITY), () -> make(names, others, now, life, authorityLife));
    }

    private int make(
        List<GeneralName> names,
        Map<String, List<GeneralName>> others,
        Instant now,
        Duration life,
        Duration authorityLife)
        throws IOException {
      List<String> pairs =
          Stream.of(
                  Stream.of(AUTHORITY),
                  ROLES.stream().map(Role::serviceName),
                  others.keySet().stream())
              .flatMap(Function.identity())
              .toList();
      for (String pair : pairs) {
        finish(pair);
      }
      pairs.forEach(this::requirePair);
      DevelopmentAuthority authority = authority(now, authorityLife);
      Instant renewed = renewedUntil(now, authority);
      for (Role role : ROLES) {
        List<GeneralName> proven = DevelopmentAuthority.names(role, names);
        make(role.serviceName(), proven, renewed, authority, now, life);
      }
      for (Map.Entry<String, List<GeneralName>> other : others.entrySet()) {
        make(other.getKey(), other.getValue(), renewed, authority, now, life);
      }
      return 0;
    }

    private void requireRenewal() {
      if (renewDays < 0 || renewDays >= days) {
        throw new ParameterException(
            spec.commandLine(), "--renew-days must be 0 to " + (days - 1) + ", not " + renewDays);
      }
    }

    /**
     * What ends before that is made anew. It is no later than its authority ends: nothing that is
     * made anew would be good for longer, and each call would make it again.
     */
    private Instant renewedUntil(Instant now, DevelopmentAuthority authority) {
      if (renewDays == 0) {
        return Instant.MIN;
      }
      Instant wanted = now.plus(Duration.ofDays(renewDays));
      Instant end = authority.certified().notAfter();
      if (end.isBefore(wanted)) {
        say(certificate(AUTHORITY) + " ends at " + end + ", and all that it has signed with it");
        return end;
      }
      return wanted;
    }

    /** Those of no role, and what each is to prove. */
    private Map<String, List<GeneralName>> others() {
      Map<String, List<GeneralName>> others = new LinkedHashMap<>();
      for (String server : servers) {
        Matcher parts = SERVER.matcher(server);
        if (!parts.matches() || isTaken(parts.group(1))) {
          throw new ParameterException(
              spec.commandLine(),
              "--server: '" + server + "' is not a name of its own and hosts, as mqtt=localhost");
        }
        others.put(parts.group(1), names("--server", List.of(parts.group(2).split(","))));
      }
      return others;
    }

    private static boolean isTaken(String name) {
      return name.equals(AUTHORITY)
          || ROLES.stream().anyMatch(role -> role.serviceName().equals(name));
    }

    /**
     * Makes one that is not there, or anew.
     *
     * @param names of one that is not there; what is made anew keeps its own
     */
    private void make(
        String name,
        List<GeneralName> names,
        Instant renewed,
        DevelopmentAuthority authority,
        Instant now,
        Duration life)
        throws IOException {
      if (!isThere(name)) {
        write(name, authority.sign(name, names, now, life));
        return;
      }
      Optional<List<GeneralName>> kept = namesToRenew(name, renewed, authority);
      if (kept.isPresent()) {
        write(name, authority.sign(name, kept.get(), now, life));
      } else {
        say(certificate(name) + " is there, and stays");
      }
    }

    /** What nobody wants renewed is not even read, and what is somebody else's stays. */
    private Optional<List<GeneralName>> namesToRenew(
        String name, Instant renewed, DevelopmentAuthority authority) {
      if (renewDays == 0) {
        return Optional.empty();
      }
      try {
        Certified present = certified(name);
        if (!authority.hasSigned(present.leaf())) {
          say(certificate(name) + " is of another authority than " + certificate(AUTHORITY));
        } else if (present.notAfter().isBefore(renewed)) {
          return Optional.of(DevelopmentAuthority.namesOf(present.leaf()));
        }
      } catch (IOException e) {
        say(certificate(name) + " cannot be renewed: " + e.getMessage());
      }
      return Optional.empty();
    }

    private Certified certified(String name) throws IOException {
      Path certificate = certificate(name);
      Path key = key(name);
      return PemFiles.read(Set.of(certificate, key)).certified(certificate, key, null);
    }

    private DevelopmentAuthority authority(Instant now, Duration life) throws IOException {
      if (isThere(AUTHORITY)) {
        say(certificate(AUTHORITY) + " is there, and signs");
        return new DevelopmentAuthority(certified(AUTHORITY));
      }
      DevelopmentAuthority authority = DevelopmentAuthority.create(now, life);
      write(AUTHORITY, authority.certified());
      return authority;
    }

    private Path certificate(String name) {
      return folder.resolve(name + ".pem");
    }

    private Path key(String name) {
      return folder.resolve(name + ".key");
    }

    private static Path unfinished(Path file) {
      return file.resolveSibling(file.getFileName() + ".new");
    }

    private boolean isThere(String name) {
      return Files.exists(certificate(name));
    }

    private void requirePair(String name) {
      Path certificate = certificate(name);
      Path key = key(name);
      if (Files.exists(certificate) != Files.exists(key)) {
        throw new ParameterException(
            spec.commandLine(),
            Files.exists(key)
                ? key + " is there, and " + certificate + " is not"
                : certificate + " is there, and " + key + " is not");
      }
    }

    private Duration life(String option, int count) {
      if (count < 1 || count > MOST_DAYS) {
        throw new ParameterException(
            spec.commandLine(), option + " must be 1 to " + MOST_DAYS + ", not " + count);
      }
      return Duration.ofDays(count);
    }

    private List<GeneralName> names(String option, List<String> machines) {
      return machines.stream().map(machine -> name(option, machine)).toList();
    }

    private GeneralName name(String option, String host) {
      if (InetAddresses.isInetAddress(host)) {
        return new GeneralName(GeneralName.iPAddress, host);
      }
      if (!InternetDomainName.isValid(host)) {
        throw new ParameterException(
            spec.commandLine(), option + ": '" + host + "' is no name or address of a machine");
      }
      return new GeneralName(GeneralName.dNSName, host);
    }

    /**
     * Both are written before either has its name; see {@link #finish}. Whoever could read those in
     * whose place they come can read them, too.
     */
    private void write(String name, Certified one) throws IOException {
      Path newKey = unfinished(key(name));
      Path newCertificate = unfinished(certificate(name));
      write(newKey, DevelopmentAuthority.keyPem(one), OWNER_ALONE);
      write(newCertificate, DevelopmentAuthority.certificatePem(one), ANYBODY);
      if (isThere(name)) {
        try {
          ReplacedFile.keepRights(key(name), newKey);
          ReplacedFile.keepRights(certificate(name), newCertificate);
        } catch (IOException e) {
          Files.delete(newCertificate);
          Files.delete(newKey);
          throw e;
        }
      }
      Files.move(unfinished(key(name)), key(name), ATOMIC_MOVE);
      Files.move(unfinished(certificate(name)), certificate(name), ATOMIC_MOVE);
      say(certificate(name) + " is new, until " + one.notAfter());
    }

    /**
     * What somebody who was interrupted has left: where the key has its name, its certificate gets
     * it, in the place of one that was to be renewed, too; else nobody has seen either, and both
     * go, the certificate first.
     */
    private void finish(String name) throws IOException {
      Path certificate = unfinished(certificate(name));
      Path key = unfinished(key(name));
      if (Files.exists(certificate) && !Files.exists(key)) {
        Files.move(certificate, certificate(name), ATOMIC_MOVE);
      }
      Files.deleteIfExists(certificate);
      Files.deleteIfExists(key);
    }

    /** Nobody else ever sees a key, and nothing that has come there meanwhile is lost. */
    private void write(Path file, String text, String rights) throws IOException {
      boolean posix = Files.getFileStore(folder).supportsFileAttributeView("posix");
      FileAttribute<?>[] attributes =
          posix
              ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))
              }
              : new FileAttribute<?>[0];
      try (FileChannel channel =
          FileChannel.open(
              file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
        ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
    }

    private void say(String line) {
      spec.commandLine().getOut().println(line);
      spec.commandLine().getOut().flush();
    }
  }
}
