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
import org.junit.jupiter.api.Test;

/** Every CONNECT that access control was asked about is told of once, however it ends. */
class AuditedConnectTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final List<String> told = new ArrayList<>();
  private final FakeAccess access = new FakeAccess();
  private final TestClient client =
      new TestClient(
          new AuditedAccess(
              "tls", access, (event, rule) -> told.add(event.kind() + " " + event.why())));

  /** Nobody answers. */
  private void connect() {
    access.answerConnect(new CompletableFuture<>());
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));
  }

  private void connect(String data) {
    client.connection.connect(
        EnhancedAuthenticationTest.request(data, Long.MAX_VALUE, null, FakeExchange.METHOD));
  }

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
