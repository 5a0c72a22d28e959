package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.gateway.access.Permission;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Access control behind the pipeline of a connection: from bytes to questions, and back. */
class PipelineAccessTest {
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();
  private final FakeAccess access = new FakeAccess();

  /** An answer to CONNECT that is not there yet. */
  private final CompletableFuture<Authentication> authentication = new CompletableFuture<>();

  @AfterEach
  void close() {
    gateway.close();
  }

  /** The password is bytes, which need be no text [3.1.3.6]. */
  @ParameterizedTest
  @EnumSource
  @Conforms(v311 = "MQTT-3.1.3-1", v5 = "MQTT-3.1.3-1")
  void connect_userNameAndPassword_reachAccessControl(ProtocolVersion version) {
    byte[] secret = {0, 1, (byte) 0xFF};
    try (PipelineClient client = new PipelineClient(gateway, access)) {
      client.send(PipelineClient.connect(version).username("me").password(secret).build());

      assertEquals(List.of("CONNACK 00"), client.await());
      Credentials credentials = access.credentials.getFirst();
      assertEquals("client", credentials.clientId());
      assertEquals("me", credentials.userName());
      Password password = credentials.password();
      assertNotNull(password);
      assertArrayEquals(secret, password.bytes());
      assertEquals(client.channel.remoteAddress(), credentials.peer());
    }
  }

  @ParameterizedTest
  @EnumSource
  void connect_neitherUserNameNorPassword_thereIsNone(ProtocolVersion version) {
    try (PipelineClient client = new PipelineClient(gateway, access)) {
      client.send(PipelineClient.connect(version).build());

      assertEquals(List.of("CONNACK 00"), client.await());
      assertNull(access.credentials.getFirst().userName());
      assertNull(access.credentials.getFirst().password());
    }
  }

  /** Sections 3.2.2.3 of 3.1.1 and 3.2.2.2 of 5.0. */
  @ParameterizedTest
  @CsvSource({
    "V3, BAD_USER_NAME_OR_PASSWORD, 20020004",
    "V3, NOT_AUTHORIZED, 20020005",
    "V3, SERVER_UNAVAILABLE, 20020003",
    "V5, BAD_USER_NAME_OR_PASSWORD, 2003008600",
    "V5, NOT_AUTHORIZED, 2003008700",
    "V5, BANNED, 2003008a00",
  })
  @Conforms(
      v311 = {"MQTT-3.2.2-4", "MQTT-3.2.2-5"},
      v5 = {"MQTT-3.1.4-2", "MQTT-3.2.2-6", "MQTT-3.2.2-7", "MQTT-3.2.2-8"})
  void connect_refused_connAckOfItsVersion(
      ProtocolVersion version, ReasonCode reason, String connAck) {
    access.answerConnect(CompletableFuture.completedFuture(new Authentication.Refused(reason)));
    try (PipelineClient client = new PipelineClient(gateway, access)) {
      client.send(PipelineClient.connect(version).build());

      assertEquals(connAck, client.awaitHex());
      assertTrue(client.isClosed());
      assertTrue(router.requests().isEmpty());
    }
  }

  /** Whoever leaves while he is answered still takes what he took. */
  @Test
  void whenOver_clientLeftWhileAccessControlIsAsked_whenThatIsOver() {
    List<String> ends = new ArrayList<>();
    try (PipelineClient client = new PipelineClient(gateway, access)) {
      client
          .channel
          .closeFuture()
          .addListener(_ -> client.handler.whenOver(() -> ends.add("over")));
      client.send(PipelineClient.connect(ProtocolVersion.V5).build());
      assertEquals(List.of("CONNACK 00"), client.await());
      access.now(FakeAccess.How.LATER);
      client.send(PipelineClient.publish("a", 1, 1, "x"));

      var _ = client.channel.close();
      gateway.loop.runAll();
      assertEquals(List.of(), ends);
      access.open.getFirst().complete(Permission.GRANTED);
      gateway.loop.runAll();

      assertEquals(List.of("over"), ends);
    }
  }

  @Test
  void whenOver_nothingIsAsked_whenTheChannelIsClosed() {
    List<String> ends = new ArrayList<>();
    try (PipelineClient client = new PipelineClient(gateway, access)) {
      client
          .channel
          .closeFuture()
          .addListener(_ -> client.handler.whenOver(() -> ends.add("over")));
      client.send(PipelineClient.connect(ProtocolVersion.V5).build());
      assertEquals(List.of("CONNACK 00"), client.await());

      var _ = client.channel.close();
      gateway.loop.runAll();

      assertEquals(List.of("over"), ends);
    }
  }

  @Test
  void packets_whileAuthenticating_waitAndAreHandledInOrder() {
    access.answerConnect(authentication);
    try (PipelineClient client = new PipelineClient(gateway, access)) {
      client.send(
          PipelineClient.connect(ProtocolVersion.V5).build(),
          PipelineClient.publish("a", 0, 0, "x"),
          PipelineClient.publish("b", 0, 0, "x"));
      assertTrue(earlyBytes() > 0);
      assertFalse(client.channel.config().isAutoRead(), "nothing more is read meanwhile");

      accept();

      assertEquals(List.of("CONNACK 00"), client.await());
      gateway.runUntil(() -> router.publishes().size() == 2);
      assertEquals("a", router.publishes().getFirst().getMessage().getTopic());
      assertEquals(0, earlyBytes());
      assertTrue(client.channel.config().isAutoRead());
    }
  }

  /** The same bound as behind a CONNECT that waits for its shard. */
  @Test
  void packets_whileAuthenticatingMoreThanMayWait_refused() {
    access.answerConnect(authentication);
    try (PipelineClient client = new PipelineClient(gateway, access)) {
      client.send(PipelineClient.connect(ProtocolVersion.V5).build());
      for (int i = 0; i < 13; i++) {
        client.send(PipelineClient.publish("a", 0, 0, "x".repeat(90_000)));
      }

      assertEquals(List.of("CONNACK 97"), client.read());
      assertTrue(authentication.isCancelled());
      assertEquals(0, earlyBytes());
    }
  }

  /** Those who are made to wait must not keep newcomers out. */
  @Test
  void packets_ofTheConnectedWaitAndAreMany_thereIsRoomForNewcomers() {
    AtomicLong ofAll = gateway.gateway().metrics().earlyBytes();
    try (PipelineClient waiting = new PipelineClient(gateway, access);
        PipelineClient newcomer = new PipelineClient(gateway, access)) {
      waiting.send(PipelineClient.connect(ProtocolVersion.V5).build());
      assertEquals(List.of("CONNACK 00"), waiting.await());
      access.now(FakeAccess.How.LATER);
      waiting.send(PipelineClient.publish("a", 0, 0, "x"));
      ofAll.addAndGet(32L << 20);

      waiting.send(PipelineClient.publish("b", 0, 0, "x"));
      assertEquals(List.of("DISCONNECT 97"), waiting.read());

      access.answerConnect(authentication);
      newcomer.send(
          PipelineClient.connect(ProtocolVersion.V5).build(),
          PipelineClient.publish("a", 0, 0, "x"));
      assertEquals(List.of(), newcomer.read());
      assertFalse(newcomer.isClosed());
    }
  }

  @Test
  void checkClock_noAnswerWhileAuthenticating_refusedInTime() {
    access.answerConnect(authentication);
    try (PipelineClient client = new PipelineClient(gateway, access)) {
      client.send(
          PipelineClient.connect(ProtocolVersion.V5).build(),
          PipelineClient.publish("a", 0, 0, "x"));

      client.handler.checkClock(client.siblings.nanoTime() + 2 * TIMEOUT_NANOS, TIMEOUT_NANOS);

      assertEquals(List.of("CONNACK 88"), client.read());
      assertTrue(authentication.isCancelled());
      assertEquals(0, earlyBytes());
      assertEquals(
          1, gateway.registry.get("vmqtt.gateway.access.failures").functionCounter().count());
    }
  }

  @Test
  void channelInactive_whileAuthenticating_leavesNothing() {
    access.answerConnect(authentication);
    PipelineClient client = new PipelineClient(gateway, access);
    client.send(PipelineClient.connect(ProtocolVersion.V5).build());

    client.close();

    assertTrue(authentication.isCancelled());
    assertTrue(client.siblings.isEmpty());
    assertTrue(router.requests().isEmpty());
  }

  /** A publisher that is not read from is not taken for a silent one. */
  @Test
  void publish_permittedLate_isPublishedAndReadingGoesOn() {
    try (PipelineClient client = new PipelineClient(gateway, access)) {
      client.send(PipelineClient.connect(ProtocolVersion.V5).build());
      assertEquals(List.of("CONNACK 00"), client.await());
      access.now(FakeAccess.How.LATER);
      client.send(PipelineClient.publish("a", 0, 0, "x"), PipelineClient.publish("b", 0, 0, "x"));
      assertFalse(client.channel.config().isAutoRead());
      assertEquals(List.of("publish a"), access.asked);
      assertTrue(earlyBytes() > 0);

      access.now(FakeAccess.How.GRANTS);
      access.open.getFirst().complete(Permission.GRANTED);

      gateway.runUntil(() -> router.publishes().size() == 2);
      assertTrue(client.channel.config().isAutoRead());
      assertEquals(0, earlyBytes());
      assertEquals(
          0, gateway.registry.get("vmqtt.gateway.publishes.denied").functionCounter().count());
    }
  }

  @Test
  void publish_denied_isCounted() {
    try (PipelineClient client = new PipelineClient(gateway, access)) {
      client.send(PipelineClient.connect(ProtocolVersion.V5).build());
      assertEquals(List.of("CONNACK 00"), client.await());
      access.now(FakeAccess.How.DENIES);

      client.send(PipelineClient.publish("a", 1, 7, "x"));

      assertEquals("40030007" + "87", client.awaitHex());
      assertEquals(
          1, gateway.registry.get("vmqtt.gateway.publishes.denied").functionCounter().count());
      assertTrue(router.publishes().isEmpty());
    }
  }

  @Test
  void publish_byAliasOfATopicThatIsDenied_isDenied() {
    try (PipelineClient client = new PipelineClient(gateway, access)) {
      client.send(PipelineClient.connect(ProtocolVersion.V5).build());
      assertEquals(List.of("CONNACK 00"), client.await());
      client.sendHex("30 08 00 01 74 03 23 00 01 78"); // topic t, alias 1
      gateway.runUntil(() -> router.publishes().size() == 1);
      access.now(FakeAccess.How.DENIES);

      client.sendHex("32 09 00 00 00 07 03 23 00 01 78"); // alias 1

      assertEquals("40030007" + "87", client.awaitHex());
      assertEquals(1, router.publishes().size());
    }
  }

  private void accept() {
    authentication.complete(
        new Authentication.Accepted(
            access.credentials.getFirst().identity(access.credentials.getFirst().namespace())));
  }

  private long earlyBytes() {
    return gateway.gateway().metrics().earlyBytes().get();
  }
}
