package io.vmqtt.gateway.listener;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.machine.FileWatches;
import io.vmqtt.gateway.access.AuthenticationMethod;
import io.vmqtt.gateway.access.CredentialChecks;
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
import io.vmqtt.gateway.config.OutsideMethods.Http;
import io.vmqtt.gateway.config.OutsideMethods.Ldap;
import io.vmqtt.gateway.config.OutsideMethods.Redis;
import io.vmqtt.gateway.config.OutsideMethods.Sql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Those outside who are asked about clients; listeners that say the same of one share it. */
final class OutsideAccess implements AutoCloseable {
  private final FileWatches files;
  private final CredentialChecks checks;
  private final OutsideMetrics metrics;
  private final Map<Key, AuthenticationMethod> methods = new HashMap<>();
  private final Deque<Runnable> endings = new ArrayDeque<>();

  /** What makes one of them what it is. */
  private record Key(Asked asked, Duration timeout, int atOnce, Duration remembered) {
    static Key of(Asked asked, OutsideMethods as) {
      return new Key(asked, as.timeout(), as.atOnce(), as.remembered());
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
    for (Asked asked : config.asked()) {
      Key key = Key.of(asked, config);
      if (!methods.containsKey(key)) {
        AuthenticationMethod method = method(asked, config);
        methods.put(
            key,
            config.remembered().isZero()
                ? method
                : new RememberedUsers(method, config.remembered(), Ticker.systemTicker()));
      }
    }
  }

  /** How to ask them, in their order. */
  List<AuthenticationMethod> chain(OutsideMethods config) {
    return config.asked().stream()
        .map(asked -> Objects.requireNonNull(methods.get(Key.of(asked, config))))
        .toList();
  }

  private AuthenticationMethod method(Asked asked, OutsideMethods config) throws IOException {
    return switch (asked) {
      case Http http -> {
        HttpUsers users = new HttpUsers(http.uri(), config.timeout(), outsider("http", config));
        endings.push(users::close);
        watch(http.headers(), bytes -> users.headers(text(bytes)));
        watch(http.body(), bytes -> users.body(text(bytes)));
        watch(http.authorities(), users::authorities);
        yield users;
      }
      case Ldap ldap -> {
        LdapServer server =
            new LdapServer(
                ldap.uri(), ldap.startTls(), ldap.bindName(), config.timeout(), config.atOnce());
        endings.push(server::close);
        watch(ldap.bindPassword(), bytes -> server.bindPassword(firstLine(bytes)));
        watch(ldap.authorities(), server::authorities);
        yield new LdapUsers(server, ldap.entries(), outsider("ldap", config));
      }
      case Sql sql -> {
        SqlStore store = sqlStore(sql, config);
        watch(sql.password(), bytes -> store.password(firstLine(bytes)));
        yield stored(store, config);
      }
      case Redis redis -> {
        RedisStore store =
            new RedisStore(
                redis.uri(), redis.user(), redis.key(), redis.fields(), config.timeout());
        watch(redis.password(), bytes -> store.password(firstLine(bytes)));
        watch(redis.authorities(), store::authorities);
        yield stored(store, config);
      }
    };
  }

  private SqlStore sqlStore(Sql sql, OutsideMethods config) throws IOException {
    try {
      return new SqlStore(sql.url(), sql.user(), sql.query(), config.timeout(), config.atOnce());
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private StoredUsers stored(UserStore store, OutsideMethods config) {
    endings.push(store::close);
    return new StoredUsers(store, outsider(store.name(), config), checks);
  }

  private Outsider outsider(String name, OutsideMethods config) {
    Outsider outsider =
        new Outsider(name, config.atOnce(), config.timeout(), metrics.of(name), System::nanoTime);
    metrics.waiting(name, outsider);
    endings.push(outsider::close);
    return outsider;
  }

  private void watch(@Nullable Path file, Consumer<byte[]> reader) throws IOException {
    if (file != null) {
      files.watch(file, reader);
    }
  }

  private static String firstLine(byte[] bytes) {
    return text(bytes).lines().findFirst().orElse("");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    endings.forEach(Runnable::run);
  }
}
