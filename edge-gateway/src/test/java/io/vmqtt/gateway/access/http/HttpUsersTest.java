package io.vmqtt.gateway.access.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.gateway.access.outside.Outsider;
import io.vmqtt.gateway.access.outside.UncountedQuestions;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.testkit.tls.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpUsersTest {
  private static final Optional<Authentication> REFUSED =
      refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
  private static final Optional<Authentication> UNAVAILABLE =
      refused(ReasonCode.SERVER_UNAVAILABLE);
  private static final Credentials ANNA = client("anna", "sec\"ret");

  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final Outsider outsider =
      new Outsider("http", 4, Duration.ofSeconds(10), new UncountedQuestions(), System::nanoTime);
  private HttpServer server;
  private HttpUsers users;
  private volatile int status = 200;
  private volatile String answer = "";

  HttpUsersTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    users = users("http");
  }

  private HttpUsers users(String scheme) {
    return new HttpUsers(
        URI.create(scheme + "://localhost:" + server.getAddress().getPort() + "/who"),
        Duration.ofSeconds(10),
        outsider);
  }

  @BeforeEach
  void serve() {
    server.createContext("/", this::handle);
    server.start();
  }

  @AfterEach
  void close() {
    users.close();
    outsider.close();
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    asked.add(
        exchange.getRequestMethod()
            + ' '
            + exchange.getRequestURI()
            + ' '
            + exchange.getRequestHeaders().getFirst("Authorization")
            + ' '
            + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    byte[] body = answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Location", "/elsewhere");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204})
  void judge_allowed_isLetInAsWhoItSaysItIs(int code) {
    status = code;

    assertEquals(accepted(ANNA.identity(ANNA.namespace())), judge(ANNA));
    assertEquals(
        "POST /who null {\"client_id\":\"c\",\"user_name\":\"anna\",\"password\":\"sec\\\"ret\","
            + "\"address\":\"10.0.0.7\",\"certificate_name\":null,\"namespace\":\"plant\"}",
        asked.remove());
  }

  @Test
  void judge_allowedWithMore_isWhoTheAnswerSays() {
    answer =
        """
        {"result": "allow", "user_name": "Anna", "namespace": "north",
         "claims": {"floor": 3, "night": true, "role": "smith", "none": null, "list": [1]}}
        """;

    assertEquals(
        accepted(
            new Identity(
                Namespace.of("north"),
                "c",
                "Anna",
                ANNA.peer(),
                null,
                Map.of("floor", "3", "night", "true", "role", "smith"))),
        judge(ANNA));
  }

  @Test
  void judge_allowedWithRules_theyAreThoseOfItsIdentity() {
    String rules = "[{\"allow\":\"publish\",\"topics\":\"a/${clientid}\"},{\"default\":\"deny\"}]";
    answer = "{\"result\": \"allow\", \"rules\": " + rules + "}";
    assertEquals(accepted(ANNA.identity(ANNA.namespace()).with(OwnRules.read(rules))), judge(ANNA));

    answer = "{\"result\": \"allow\", \"rules\": null}";
    assertEquals(accepted(ANNA.identity(ANNA.namespace())), judge(ANNA));
    answer = "{\"result\": \"allow\", \"rules\": \"all\"}";
    assertEquals(UNAVAILABLE, judge(ANNA));
  }

  @Test
  void judge_deniedOrUnknown_isRefusedOrForAnother() {
    answer = "{\"result\": \"deny\"}";
    assertEquals(REFUSED, judge(ANNA));
    answer = "{\"result\": \"unknown\"}";
    assertEquals(Optional.empty(), judge(ANNA));

    answer = "";
    status = 404;
    assertEquals(Optional.empty(), judge(ANNA));
    status = 401;
    assertEquals(REFUSED, judge(ANNA));
    status = 403;
    assertEquals(REFUSED, judge(ANNA));
    assertEquals(refused(ReasonCode.NOT_AUTHORIZED), judge(client(null, null)));
  }

  /** A page for people, such as that of a proxy in between, must let nobody in. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>Welcome</html>",
        "{}",
        "[]",
        "\"allow\"",
        "{\"result\": \"ALLOW\"}",
        "{\"result\": true}",
        "{\"result\": \"allow\"} <html>",
        "{\"result\": \"deny\", \"result\": \"allow\"}",
        "{\"result\": \"allow\", \"namespace\": \"No!\"}"
      })
  void judge_answerOfUnknownMeaning_letsNobodyIn(String body) {
    answer = body;

    assertEquals(UNAVAILABLE, judge(ANNA));
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 302, 400, 405, 429, 500, 503})
  void judge_otherStatus_letsNobodyInAndFollowsNobody(int code) {
    status = code;

    assertEquals(UNAVAILABLE, judge(ANNA));
    assertEquals(1, asked.size());
  }

  @Test
  void judge_answerIsTooLong_letsNobodyIn() {
    answer = "{\"result\": \"allow\"}" + " ".repeat(HttpUsers.MOST_BODY_BYTES);

    assertEquals(UNAVAILABLE, judge(ANNA));
  }

  /** Else whoever finds words that get such an answer shut out everybody else. */
  @ParameterizedTest
  @ValueSource(ints = {200, 400, 403, 404, 429})
  void judge_answerForOneClientIsLongOrStrange_othersAreStillAskedAbout(int code) {
    status = code;
    answer = "x".repeat(2 * HttpUsers.MOST_BODY_BYTES);
    for (int i = 0; i < 10; i++) {
      judge(client("mallory", "x"));
    }

    status = 200;
    answer = "";
    assertEquals(accepted(ANNA.identity(ANNA.namespace())), judge(ANNA));
  }

  @Test
  void judge_nobodyIsThere_letsNobodyIn() {
    server.stop(0);

    assertEquals(UNAVAILABLE, judge(ANNA));
  }

  @Test
  void judge_ownBodyAndHeaders_areSent() {
    users.headers("# for people\n\nAuthorization: Bearer abc: def\n");
    users.body("{\"who\": [\"%u@%n\", 7, {\"cn\": \"cn=%s\"}]}");

    judge(ANNA);

    assertEquals(
        "POST /who Bearer abc: def {\"who\":[\"anna@plant\",7,{\"cn\":null}]}", asked.remove());
  }

  /** Else a device became whom it likes by its own good password. */
  @Test
  void judge_userNameIsNotSent_isNobodysUnlessTheAnswerSaysOne() {
    users.body("{\"device\": \"%c\", \"secrets\": [\"%p\"]}");
    assertEquals(accepted(ANNA.identity(ANNA.namespace(), null)), judge(ANNA));

    answer = "{\"result\": \"allow\"}";
    assertEquals(accepted(ANNA.identity(ANNA.namespace(), null)), judge(ANNA));
    answer = "{\"result\": \"allow\", \"user_name\": \"pump\"}";
    assertEquals(accepted(ANNA.identity(ANNA.namespace(), "pump")), judge(ANNA));
    answer = "{\"result\": \"deny\"}";
    assertEquals(REFUSED, judge(ANNA));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\"%u\"", "{\"a\": \"%x\"}", ""})
  void body_cannotBe_isRefused(String json) {
    assertThrows(IllegalArgumentException.class, () -> users.body(json));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", ": secret", "Host: secret", "Na me: secret"})
  void headers_cannotBe_theComplaintHasNoSecret(String line) {
    assertEquals(
        "line 2: not NAME: VALUE, or not to be set",
        assertThrows(IllegalArgumentException.class, () -> users.headers("# headers\n" + line))
            .getMessage());
  }

  @Test
  void judge_tls_believesTheAuthorityThatItWasTold(@TempDir Path folder)
      throws IOException, GeneralSecurityException {
    TestAuthority ours = new TestAuthority("ours");
    serveTls(ours.sign("service"));
    assertEquals(UNAVAILABLE, judge(ANNA), "the JDK knows no such authority");

    users.authorities(pem(new TestAuthority("theirs"), folder));
    assertEquals(UNAVAILABLE, judge(ANNA), "another one");
    assertEquals(0, asked.size());

    users.authorities(pem(ours, folder));
    assertEquals(accepted(ANNA.identity(ANNA.namespace())), judge(ANNA));
  }

  @Test
  void judge_tls_believesNoCertificateOfAnotherHost(@TempDir Path folder)
      throws IOException, GeneralSecurityException {
    TestAuthority ours = new TestAuthority("ours");
    serveTls(ours.sign("service", "elsewhere.example", Instant.now().plusSeconds(3600)));
    users.authorities(pem(ours, folder));

    assertEquals(UNAVAILABLE, judge(ANNA));
  }

  private static byte[] pem(TestAuthority authority, Path folder) throws IOException {
    return Files.readAllBytes(authority.certificateTo(folder.resolve("ca.pem")));
  }

  private void serveTls(TestAuthority.Signed certificate)
      throws IOException, GeneralSecurityException {
    server.stop(0);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(TestAuthority.keys(certificate).getKeyManagers(), null, null);
    HttpsServer secure =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(context));
    server = secure;
    users.close();
    users = users("https");
    serve();
  }

  private Optional<Authentication> judge(Credentials client) {
    return users.judge(client).join();
  }

  private static Optional<Authentication> accepted(Identity identity) {
    return Optional.of(new Authentication.Accepted(identity));
  }

  private static Optional<Authentication> refused(ReasonCode reason) {
    return Optional.of(new Authentication.Refused(reason));
  }

  private static Credentials client(@Nullable String user, @Nullable String password) {
    return new Credentials(
        Namespace.of("plant"),
        "c",
        user,
        password == null ? null : new Password(password.getBytes(StandardCharsets.UTF_8)),
        new InetSocketAddress("10.0.0.7", 4000),
        null);
  }
}
