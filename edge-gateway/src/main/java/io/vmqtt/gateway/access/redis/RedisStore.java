package io.vmqtt.gateway.access.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.outside.Authorities;
import io.vmqtt.gateway.access.outside.StrangeAnswerException;
import io.vmqtt.gateway.access.outside.Template;
import io.vmqtt.gateway.access.outside.Template.Variable;
import io.vmqtt.gateway.access.stored.StoredUser;
import io.vmqtt.gateway.access.stored.UserStore;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Users in Redis: a hash for each, with the hash of the password in one field and, in others that
 * need not be there, whether the user is disabled ({@code 1} or {@code true}), and rules of his
 * own, in JSON. There is one connection, made when it is needed, on which questions follow one
 * another without a wait.
 */
public final class RedisStore implements UserStore {
  private static final String TLS = "rediss";
  private static final int PORT = 6379;
  private static final int LEAST_THREADS = 2;
  private static final int MOST_WAITING = 2_000;
  private static final String WRONG_TYPE = "WRONGTYPE";
  private static final Set<String> TRUTHS = Set.of("1", "true");

  private final URI uri;
  private final @Nullable String user;
  private final Template key;
  private final Fields fields;
  private final Duration timeout;
  private final ReentrantLock connecting = new ReentrantLock();
  private final ClientResources resources =
      DefaultClientResources.builder()
          .ioThreadPoolSize(LEAST_THREADS)
          .computationThreadPoolSize(LEAST_THREADS)
          .build();
  private volatile @Nullable String password;
  private volatile byte @Nullable [] authorities;
  private volatile @Nullable Server server;

  /**
   * Fields of a user's hash.
   *
   * @param rules null: there are none of a user's own
   */
  public record Fields(String password, String disabled, @Nullable String rules) {
    private String[] names() {
      return rules == null
          ? new String[] {password, disabled}
          : new String[] {password, disabled, rules};
    }
  }

  /** A client and its connection. */
  private record Server(RedisClient client, StatefulRedisConnection<String, String> connection) {
    void close() {
      var _ = connection.closeAsync();
      var _ = client.shutdownAsync();
    }
  }

  /**
   * Nobody is connected yet.
   *
   * @param uri {@code redis://HOST:PORT/DATABASE}, {@code rediss} with TLS
   * @param user of Redis; null: the one that has no name
   * @param key of a user's hash
   */
  public RedisStore(URI uri, @Nullable String user, Template key, Fields fields, Duration timeout) {
    this.uri = uri;
    this.user = user;
    this.key = key;
    this.fields = fields;
    this.timeout = timeout;
  }

  /**
   * Reads the key of a user's hash, such as {@code vmqtt:user:%u}.
   *
   * @throws IllegalArgumentException if it cannot be
   */
  public static Template key(String text) {
    return Template.read(text, Variable.USER_NAME, Variable.CLIENT_ID, Variable.NAMESPACE);
  }

  /** From here on this is the password of Redis' user. */
  public void password(String text) {
    password = text;
    disconnect();
  }

  /**
   * From here on certificates of these authorities alone are good.
   *
   * @param pem certificates in PEM
   * @throws IllegalArgumentException if there are none
   */
  public void authorities(byte[] pem) {
    var _ = Authorities.trust(pem);
    authorities = pem.clone();
    disconnect();
  }

  private void disconnect() {
    connecting.lock();
    try {
      Server before = server;
      server = null;
      if (before != null) {
        before.close();
      }
    } finally {
      connecting.unlock();
    }
  }

  @Override
  public String name() {
    return "redis";
  }

  @Override
  public boolean findsByUserName() {
    return key.has(Variable.USER_NAME);
  }

  @Override
  public Optional<StoredUser> find(Credentials client)
      throws StrangeAnswerException, InterruptedException {
    String name = Objects.requireNonNull(key.fill(client, UnaryOperator.identity()));
    List<KeyValue<String, String>> values;
    try {
      values = connected().sync().hmget(name, fields.names());
    } catch (RedisCommandExecutionException e) {
      if (String.valueOf(e.getMessage()).startsWith(WRONG_TYPE)) {
        throw new StrangeAnswerException("has a key of a user that is no hash");
      }
      throw e;
    }
    String hash = values.getFirst().getValueOrElse(null);
    if (hash == null) {
      return Optional.empty();
    }
    String disabled = values.get(1).getValueOrElse("");
    OwnRules rules = fields.rules() == null ? null : rules(values.getLast().getValueOrElse(null));
    return Optional.of(
        StoredUser.read(hash, TRUTHS.contains(disabled.toLowerCase(Locale.ROOT)), rules));
  }

  private static OwnRules rules(@Nullable String said) throws StrangeAnswerException {
    return said == null ? OwnRules.NONE : StrangeAnswerException.unless(() -> OwnRules.read(said));
  }

  private StatefulRedisConnection<String, String> connected() throws InterruptedException {
    Server now = server;
    if (now != null) {
      return now.connection();
    }
    connecting.lockInterruptibly();
    try {
      now = server;
      if (now == null) {
        now = connect();
        server = now;
      }
      return now.connection();
    } finally {
      connecting.unlock();
    }
  }

  private Server connect() {
    RedisClient client = RedisClient.create(resources, address());
    client.setOptions(options());
    try {
      return new Server(client, client.connect());
    } catch (RuntimeException e) {
      var _ = client.shutdownAsync();
      throw e;
    }
  }

  private RedisURI address() {
    RedisURI.Builder builder =
        RedisURI.Builder.redis(uri.getHost(), uri.getPort() >= 0 ? uri.getPort() : PORT)
            .withSsl(TLS.equals(uri.getScheme()))
            .withVerifyPeer(SslVerifyMode.FULL)
            .withTimeout(timeout);
    String database = uri.getPath().replace("/", "");
    if (!database.isEmpty()) {
      builder.withDatabase(Integer.parseInt(database));
    }
    String secret = password;
    if (secret != null) {
      char[] chars = secret.toCharArray();
      if (user == null) {
        builder.withPassword(chars);
      } else {
        builder.withAuthentication(user, chars);
      }
    }
    return builder.build();
  }

  /** Who asks while there is no connection is told so at once. */
  private ClientOptions options() {
    ClientOptions.Builder builder =
        ClientOptions.builder()
            .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
            .requestQueueSize(MOST_WAITING)
            .socketOptions(SocketOptions.builder().connectTimeout(timeout).build())
            .timeoutOptions(TimeoutOptions.enabled(timeout));
    byte[] pem = authorities;
    if (pem != null) {
      builder.sslOptions(SslOptions.builder().trustManager(Authorities.trust(pem)).build());
    }
    return builder.build();
  }

  @Override
  public void close() {
    disconnect();
    var _ = resources.shutdown(0, timeout.toMillis(), TimeUnit.MILLISECONDS);
  }
}
