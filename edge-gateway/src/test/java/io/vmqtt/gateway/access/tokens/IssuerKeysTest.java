package io.vmqtt.gateway.access.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tokens.EdKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IssuerKeysTest {
  private static final String ACCEPTED = "anna";
  private static final String REFUSED = "BAD_USER_NAME_OR_PASSWORD";
  private static final String UNAVAILABLE = "SERVER_UNAVAILABLE";
  private static final EdKey OLD = new EdKey("old");
  private static final EdKey NEW = new EdKey("new");

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 7);
  private final CredentialChecks checks = new CredentialChecks(1, 10);
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;
  private IssuerKeys keys;
  private Tokens tokens;
  private volatile int status = 200;
  private volatile String named = EdKey.set(OLD);
  private volatile String cacheControl = "public, max-age=120";

  IssuerKeysTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ask("http", server.getAddress().getPort(), Duration.ofSeconds(10));
  }

  private void ask(String scheme, int port, Duration timeout) {
    keys =
        new IssuerKeys(
            URI.create(scheme + "://localhost:" + port + "/keys"),
            timeout,
            Duration.ofHours(1),
            nanos::get);
    tokens =
        new Tokens(new TokenDemands(null, null, "sub", null, Map.of()), checks, keys, nanos::get);
  }

  @BeforeEach
  void serve() {
    server.createContext("/", this::handle);
    server.start();
  }

  @AfterEach
  void close() {
    keys.close();
    checks.close();
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    byte[] body = named.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Cache-Control", cacheControl);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void judge_keyOfTheIssuer_isLetInAndItIsAskedOnce() {
    assertEquals(ACCEPTED, outcome(OLD));
    assertEquals(ACCEPTED, outcome(OLD));

    assertEquals(1, asked.get());
    assertEquals(1, keys.read());
  }

  /**
   * A token that names a key which is not there makes no question out of each CONNECT; but as long
   * as nobody has been asked since it came, it may be good, and whoever shows it does not guess.
   */
  @Test
  void judge_unknownKey_isAskedForButNotSoonAgain() {
    assertEquals(REFUSED, outcome(NEW));
    named = EdKey.set(OLD, NEW);
    assertEquals(UNAVAILABLE, outcome(NEW));
    assertEquals(1, asked.get());

    pass(Duration.ofSeconds(IssuerKeys.LEAST_SECONDS_BETWEEN));
    assertEquals(ACCEPTED, outcome(NEW));
    assertEquals(2, asked.get());
  }

  @Test
  void look_keysAreAsOldAsTheyMayBe_areReadAgain() {
    assertEquals(ACCEPTED, outcome(OLD));
    named = EdKey.set(NEW);

    pass(Duration.ofSeconds(119));
    var _ = keys.look();
    assertEquals(1, asked.get());
    assertEquals(119, keys.ageSeconds(), 0.001);

    pass(Duration.ofSeconds(1));
    assertTrue(keys.look().join());
    assertEquals(2, asked.get());
    assertEquals(UNAVAILABLE, outcome(OLD));
    assertEquals(ACCEPTED, outcome(NEW));

    pass(Duration.ofSeconds(IssuerKeys.LEAST_SECONDS_BETWEEN));
    assertEquals(REFUSED, outcome(OLD));
  }

  @ParameterizedTest
  @CsvSource({
    "no-store, 300",
    "max-age=0, 60",
    "'private, Max-Age=600', 600",
    "s-maxage=900, 300",
    "max-age=999999999999, 86400"
  })
  void look_age_isWithinBounds(String control, long seconds) {
    cacheControl = control;
    assertEquals(ACCEPTED, outcome(OLD));

    pass(Duration.ofSeconds(seconds - 1));
    var _ = keys.look();
    assertEquals(1, asked.get());
    pass(Duration.ofSeconds(1));
    assertTrue(keys.look().join());
    assertEquals(2, asked.get());
  }

  @Test
  void judge_issuerIsOut_keysOfBeforeHoldForAWhile() {
    assertEquals(ACCEPTED, outcome(OLD));
    status = 503;

    pass(Duration.ofMinutes(2));
    assertFalse(keys.look().join());
    assertEquals(ACCEPTED, outcome(OLD));
    assertEquals(UNAVAILABLE, outcome(NEW));
    assertEquals(1, keys.failed());

    pass(Duration.ofHours(1));
    assertEquals(ACCEPTED, outcome(OLD));
    pass(Duration.ofSeconds(1));
    assertEquals(UNAVAILABLE, outcome(OLD));

    status = 200;
    pass(Duration.ofSeconds(IssuerKeys.LEAST_SECONDS_BETWEEN));
    assertEquals(ACCEPTED, outcome(OLD));
  }

  @ParameterizedTest
  @CsvSource({
    "200, 'no keys'",
    "200, 'null'",
    "200, '{\"keys\":null}'",
    "200, '{\"keys\":[null]}'",
    "200, '{\"keys\":[]}'",
    "404, '{\"keys\":[]}'",
    "200, '{\"keys\":[{\"kty\":\"oct\",\"kid\":\"old\",\"k\":\"c2VjcmV0\"}]}'"
  })
  void judge_whatIsThereIsNoSetOfPublicKeys_isUnavailable(int code, String body) {
    status = code;
    named = body;

    assertEquals(UNAVAILABLE, outcome(OLD));
    assertEquals(1, keys.failed());

    status = 200;
    named = EdKey.set(OLD);
    pass(Duration.ofSeconds(IssuerKeys.LEAST_SECONDS_BETWEEN));
    assertEquals(ACCEPTED, outcome(OLD));
  }

  @Test
  void askAgain_closed_hasNotAnsweredAndCanBeAskedOnceMore() {
    keys.close();

    assertFalse(answered());
    pass(Duration.ofSeconds(IssuerKeys.LEAST_SECONDS_BETWEEN));
    assertFalse(answered());
    assertEquals(2, keys.failed());
  }

  private boolean answered() {
    return keys.askAgain().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Test
  void judge_setOfKeysIsTooLong_isUnavailable() {
    named = EdKey.set(OLD) + " ".repeat(IssuerKeys.MOST_BYTES);
    assertEquals(UNAVAILABLE, outcome(OLD));

    EdKey[] many = new EdKey[IssuerKeys.MOST_KEYS + 1];
    Arrays.fill(many, OLD);
    named = EdKey.set(many);
    pass(Duration.ofSeconds(IssuerKeys.LEAST_SECONDS_BETWEEN));
    assertEquals(UNAVAILABLE, outcome(OLD));
  }

  @Test
  void judge_noAnswerInTime_isUnavailable() throws IOException {
    keys.close();
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ask("http", silent.getLocalPort(), Duration.ofMillis(100));

      assertEquals(UNAVAILABLE, outcome(OLD));
    }
  }

  @Test
  void judge_overTls_itsAuthorityIsBelievedAndNoOther(@TempDir Path folder)
      throws IOException, GeneralSecurityException {
    TestAuthority ours = new TestAuthority("ours");
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(TestAuthority.keys(ours.sign("issuer")).getKeyManagers(), null, null);
    HttpsServer secure =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(context));
    keys.close();
    server.stop(0);
    server = secure;
    serve();
    ask("https", secure.getAddress().getPort(), Duration.ofSeconds(10));

    assertEquals(UNAVAILABLE, outcome(OLD));
    assertEquals(0, asked.get());

    keys.authorities(Files.readAllBytes(ours.certificateTo(folder.resolve("ca.pem"))));
    pass(Duration.ofSeconds(IssuerKeys.LEAST_SECONDS_BETWEEN));
    assertEquals(ACCEPTED, outcome(OLD));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private String outcome(EdKey signer) {
    String token =
        signer.token(
            "{\"sub\":\"anna\",\"exp\":%d}".formatted(Instant.now().getEpochSecond() + 60));
    Authentication answer =
        tokens
            .judge(
                new Credentials(
                    Namespace.NAMELESS,
                    "c",
                    null,
                    new Password(token.getBytes(StandardCharsets.UTF_8)),
                    null,
                    null))
            .orTimeout(20, TimeUnit.SECONDS)
            .join()
            .orElseThrow();
    return switch (answer) {
      case Authentication.Accepted(var who) -> String.valueOf(who.userName());
      case Authentication.Refused(ReasonCode reason) -> reason.name();
    };
  }
}
