package io.vmqtt.gateway.listener;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.machine.FileWatches;
import io.vmqtt.gateway.access.AuthenticationMethod;
import io.vmqtt.gateway.access.Authenticator;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.extension.ExtensionFolder;
import io.vmqtt.gateway.access.extension.ExtensionUsers;
import io.vmqtt.gateway.access.extension.RulesByExtension;
import io.vmqtt.gateway.access.http.HttpUsers;
import io.vmqtt.gateway.access.ldap.LdapServer;
import io.vmqtt.gateway.access.ldap.LdapUsers;
import io.vmqtt.gateway.access.outside.Outsider;
import io.vmqtt.gateway.access.outside.RememberedUsers;
import io.vmqtt.gateway.access.redis.RedisStore;
import io.vmqtt.gateway.access.sql.SqlStore;
import io.vmqtt.gateway.access.stored.StoredUsers;
import io.vmqtt.gateway.access.stored.UserStore;
import io.vmqtt.gateway.config.OutsideMethods;
import io.vmqtt.gateway.config.OutsideMethods.Asked;
import io.vmqtt.gateway.config.OutsideMethods.Extension;
import io.vmqtt.gateway.config.OutsideMethods.Http;
import io.vmqtt.gateway.config.OutsideMethods.Ldap;
import io.vmqtt.gateway.config.OutsideMethods.Redis;
import io.vmqtt.gateway.config.OutsideMethods.Sql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Those outside who are asked about clients; listeners that say the same of one share it. Used by
 * one thread at a time.
 */
final class OutsideAccess implements AutoCloseable {
  private final FileWatches files;
  private final CredentialChecks checks;
  private final OutsideMetrics metrics;
  private final Map<Key, Opened> methods = new HashMap<>();

  /** What makes one of them what it is. */
  private record Key(Asked asked, Duration timeout, int atOnce, Duration remembered) {
    static Stream<Key> of(OutsideMethods config) {
      return config.asked().stream()
          .map(asked -> new Key(asked, config.timeout(), config.atOnce(), config.remembered()));
    }
  }

  OutsideAccess(FileWatches files, CredentialChecks checks, MeterRegistry registry) {
    this.files = files;
    this.checks = checks;
    this.metrics = new OutsideMetrics(registry);
  }

  /**
   * Reads the files that are needed to ask them; nobody is asked yet.
   *
   * @throws IOException if one cannot be read; the message names it
   */
  void read(OutsideMethods config) throws IOException {
    for (Key key : Key.of(config).toList()) {
      if (!methods.containsKey(key)) {
        methods.put(key, new Opened(key));
      }
    }
  }

  /** How to ask them, in their order. */
  List<AuthenticationMethod> chain(OutsideMethods config) {
    return Key.of(config).map(key -> Objects.requireNonNull(methods.get(key)).method).toList();
  }

  /** The same, and where an extension says what clients may do, it is asked. */
  Authenticator ruled(OutsideMethods config, Authenticator authenticator) {
    return Key.of(config)
        .map(key -> Objects.requireNonNull(methods.get(key)).ruler)
        .filter(Objects::nonNull)
        .findFirst()
        .<Authenticator>map(ruler -> new RulesByExtension(ruler, authenticator))
        .orElse(authenticator);
  }

  /** Forgets those that none of these asks; what is returned closes them. */
  List<Runnable> keepOnly(Collection<OutsideMethods> configs) {
    Set<Key> needed = configs.stream().flatMap(Key::of).collect(Collectors.toSet());
    return Endings.keepOnly(needed, methods, Opened::close);
  }

  private static String firstLine(byte[] bytes) {
    return text(bytes).lines().findFirst().orElse("");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    methods.values().forEach(Opened::close);
  }

  /** One of them, and what it takes to ask it. */
  private final class Opened implements AutoCloseable {
    private final Key key;
    private final Endings endings = new Endings(files);
    private final AuthenticationMethod method;

    /** Says what clients may do; null: nobody here does. */
    private @Nullable ExtensionUsers ruler;

    Opened(Key key) throws IOException {
      this.key = key;
      try {
        AuthenticationMethod asking = open();
        this.method =
            key.remembered().isZero()
                ? asking
                : new RememberedUsers(asking, key.remembered(), Ticker.systemTicker());
      } catch (IOException | RuntimeException e) {
        close();
        throw e;
      }
    }

    private AuthenticationMethod open() throws IOException {
      return switch (key.asked()) {
        case Http http -> {
          HttpUsers users = new HttpUsers(http.uri(), key.timeout(), outsider("http"));
          endings.push(users::close);
          endings.watch(http.headers(), bytes -> users.headers(text(bytes)));
          endings.watch(http.body(), bytes -> users.body(text(bytes)));
          endings.watch(http.authorities(), users::authorities);
          yield users;
        }
        case Ldap ldap -> {
          LdapServer server =
              new LdapServer(
                  ldap.uri(), ldap.startTls(), ldap.bindName(), key.timeout(), key.atOnce());
          endings.push(server::close);
          endings.watch(ldap.bindPassword(), bytes -> server.bindPassword(firstLine(bytes)));
          endings.watch(ldap.authorities(), server::authorities);
          yield new LdapUsers(server, ldap.entries(), outsider("ldap"));
        }
        case Sql sql -> {
          SqlStore store = sqlStore(sql);
          endings.push(store::close);
          endings.watch(sql.password(), bytes -> store.password(firstLine(bytes)));
          yield stored(store);
        }
        case Redis redis -> {
          RedisStore store =
              new RedisStore(redis.uri(), redis.user(), redis.key(), redis.fields(), key.timeout());
          endings.push(store::close);
          endings.watch(redis.password(), bytes -> store.password(firstLine(bytes)));
          endings.watch(redis.authorities(), store::authorities);
          yield stored(store);
        }
        case Extension extension -> extension(extension);
      };
    }

    private ExtensionUsers extension(Extension asked) throws IOException {
      ExtensionFolder folder = ExtensionFolder.read(asked.folder());
      endings.push(folder::close);
      ExtensionFolder.Opened opened = folder.open(asked.name(), asked.settings());
      endings.push(opened::close);
      String name = "extension-" + asked.name();
      ExtensionUsers users =
          new ExtensionUsers(name, opened.access(), outsider(name, opened.threads(name)));
      ruler = opened.givesRules() ? users : null;
      return users;
    }

    private SqlStore sqlStore(Sql sql) throws IOException {
      try {
        return new SqlStore(
            sql.url(), sql.user(), sql.query(), sql.rules(), key.timeout(), key.atOnce());
      } catch (IllegalArgumentException e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    private StoredUsers stored(UserStore store) {
      return new StoredUsers(store, outsider(store.name()), checks);
    }

    private Outsider outsider(String name) {
      return outsider(name, Outsider.virtualThreads(name));
    }

    private Outsider outsider(String name, ThreadFactory threads) {
      Outsider outsider =
          new Outsider(
              name, key.atOnce(), key.timeout(), metrics.of(name), System::nanoTime, threads);
      metrics.waiting(name, outsider);
      endings.push(() -> metrics.gone(name, outsider));
      endings.push(outsider::close);
      return outsider;
    }

    @Override
    public void close() {
      endings.close();
    }
  }
}
