package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.FakeAccess.How;
import io.vmqtt.gateway.access.FakeExchange;
import io.vmqtt.gateway.audit.AuditedAccess;
import io.vmqtt.model.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every CONNECT is told of once, however it ends, and whether or not anybody had to be asked. */
class AuditedConnectTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final List<String> told = new ArrayList<>();
  private final List<String> clients = new ArrayList<>();
  private final FakeAccess access = new FakeAccess();
  private final TestClient client =
      new TestClient(
          new AuditedAccess(
              "tls",
              access,
              (event, rule) -> {
                told.add(event.kind() + " " + event.why());
                clients.add(event.clientId() + " of " + event.userName());
              }));

  /** Nobody answers. */
  private void connect() {
    access.answerConnect(new CompletableFuture<>());
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));
  }

  private void connect(String data) {
    client.connection.connect(
        EnhancedAuthenticationTest.request(data, Long.MAX_VALUE, null, FakeExchange.METHOD));
  }

  // --- before anybody is asked ---

  /** It is told once, with who it says that it is. */
  private void refused(ConnectRequest request, ReasonCode reason) {
    client.connection.connect(request);

    assertEquals(List.of("CONNECT " + reason), told);
    assertEquals(List.of(request.clientId() + " of " + request.userName()), clients);
    assertEquals(List.of(), access.credentials);
  }

  private static ConnectRequest of(String clientId, long maximumPacketBytes, @Nullable Will will) {
    return new ConnectRequest(
        ProtocolVersion.V3,
        clientId,
        false,
        0,
        60,
        65_535,
        maximumPacketBytes,
        will,
        "anna",
        null,
        null);
  }

  @Test
  void connect_noRouter_isTold() {
    client.cluster.available = false;
    refused(of("pump", Long.MAX_VALUE, null), ReasonCode.SERVER_UNAVAILABLE);
  }

  @Test
  void connect_willBeyondTheLimitsOfTopics_isTold() {
    Will will = new Will(TestClient.message("a/b/c/d/e/f", 1), 0, 0);
    refused(of("pump", Long.MAX_VALUE, will), ReasonCode.TOPIC_NAME_INVALID);
  }

  @Test
  void connect_clientTakesNoPacketOfThatSize_isTold() {
    refused(of("pump", 1, null), ReasonCode.PACKET_TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "pump\0"})
  void connect_clientIdThatMayNotBe_isToldWithIt(String clientId) {
    refused(of(clientId, Long.MAX_VALUE, null), ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
  }

  /** The assigned one, which nobody has said. */
  @Test
  void connect_refusedWithoutAClientId_isToldWithTheOneThatItWouldHave() {
    client.cluster.available = false;

    client.connection.connect(TestClient.connect(ProtocolVersion.V5, ""));

    assertEquals(List.of("CONNECT SERVER_UNAVAILABLE"), told);
    assertEquals(List.of(client.connection.clientId() + " of null"), clients);
  }

  // --- when somebody is asked ---

  @Test
  void connect_accessControlTakesTooLong_isTold() {
    connect();

    client.connection.connectTimedOut();
    client.cluster.run();

    assertEquals(List.of("CONNACK 88", "closed"), client.output.take());
    assertEquals(List.of("CONNECT TIMED_OUT"), told);
  }

  @Test
  void connect_clientGoesMeanwhile_isTold() {
    connect();

    client.connection.connectionLost();
    client.cluster.run();

    assertEquals(List.of("CONNECT CLIENT_GONE"), told);
  }

  @Test
  void connect_gatewayStopsMeanwhile_isToldWithTheReason() {
    connect();

    client.connection.end(ReasonCode.SERVER_SHUTTING_DOWN);
    client.cluster.run();

    assertEquals(List.of("CONNECT SERVER_SHUTTING_DOWN"), told);
  }

  @Test
  void connect_decided_isToldOnceThoughTheClientGoesThen() {
    CompletableFuture<Authentication> answer = new CompletableFuture<>();
    access.answerConnect(answer);
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));
    answer.complete(new Authentication.Refused(ReasonCode.NOT_AUTHORIZED));

    client.connection.connectionLost();
    client.cluster.run();

    assertEquals(List.of("CONNECT NOT_AUTHORIZED"), told);
  }

  @Test
  void connect_willIsAskedAboutForTooLong_isTold() {
    access.now(How.LATER);
    client.connection.connect(AccessControlTest.withWill());

    client.connection.connectTimedOut();
    client.cluster.run();

    assertEquals(List.of("CONNACK 88", "closed"), client.output.take());
    assertEquals(List.of("CONNECT SUCCESS", "WILL TIMED_OUT"), told);
  }

  @Test
  void challenged_clientSaysNothing_isTold() {
    connect("ask");

    client.connection.connectTimedOut();

    assertEquals(List.of("AUTH 18 FAKE who?", "CONNACK 80", "closed"), client.output.take());
    assertEquals(List.of("CONNECT TIMED_OUT"), told);
  }

  @Test
  void challenged_clientGoes_isTold() {
    connect("ask");

    client.connection.connectionLost();

    assertEquals(List.of("CONNECT CLIENT_GONE"), told);
  }

  @Test
  void challenged_clientSendsWhatItMayNot_isToldWithTheReason() {
    connect("ask");

    client.connection.end(ReasonCode.PROTOCOL_ERROR);

    assertEquals(List.of("CONNECT PROTOCOL_ERROR"), told);
  }

  @Test
  void challenged_accessControlTakesTooLongThen_isTold() {
    connect("ask");
    client.connection.auth(
        ReasonCode.CONTINUE_AUTHENTICATION,
        new AuthenticationData(FakeExchange.METHOD, "later".getBytes(StandardCharsets.UTF_8)));

    client.connection.connectTimedOut();
    client.cluster.run();

    assertEquals(List.of("CONNECT TIMED_OUT"), told);
  }

  @Test
  void challenged_clientTakesNoPacketsOfThatSize_isToldWithTheReason() {
    client.connection.connect(
        EnhancedAuthenticationTest.request("ask", 8, null, FakeExchange.METHOD));

    assertEquals(List.of("CONNECT PACKET_TOO_LARGE"), told);
  }

  /** It was let in, and loses that. */
  @Test
  void reauthenticate_takesTooLong_isTold() {
    connect("anna");
    client.connection.attached(client.session.asSession(), false, null);
    client.connection.auth(
        ReasonCode.RE_AUTHENTICATE,
        new AuthenticationData(FakeExchange.METHOD, "ask".getBytes(StandardCharsets.UTF_8)));

    client.connection.look(0, PATIENCE_NANOS);
    client.connection.look(PATIENCE_NANOS + 1, PATIENCE_NANOS);

    assertEquals(List.of("CONNECT SUCCESS", "REAUTHENTICATE TIMED_OUT"), told);
  }
}
