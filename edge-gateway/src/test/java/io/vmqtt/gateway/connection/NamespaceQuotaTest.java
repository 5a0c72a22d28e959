package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.namespaces.NamespaceTerms;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.gateway.connection.RecordingOutput.TestMessage;
import io.vmqtt.gateway.quota.NamespaceUse;
import io.vmqtt.gateway.quota.NamespaceUses;
import io.vmqtt.model.Consistency;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.Quota;
import io.vmqtt.model.Quotas;
import io.vmqtt.model.ReasonCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients hear where their namespace has what it may have. */
class NamespaceQuotaTest {
  private static final Namespace SMALL = Namespace.of("small");
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PATIENCE_NANOS = 10 * SECOND_NANOS;

  private long nowNanos;
  private long version;
  private final NamespaceUses uses =
      new NamespaceUses(
          () -> nowNanos,
          new NamespaceUses.Witness() {
            @Override
            public void named(NamespaceUse use) {}

            @Override
            public void forgotten(NamespaceUse use) {}
          });

  private void allow(Quota quota, long limit) {
    NamespaceTerms terms = new NamespaceTerms(new Quotas(Map.of(quota, limit)), Consistency.STRONG);
    uses.facts(new Namespaces(++version, Map.of(SMALL, terms)));
  }

  private TestClient client(Namespace namespace) {
    return new TestClient(namespace, uses);
  }

  private TestClient connected(ProtocolVersion protocol, FakeSession session) {
    return TestClient.connected(client(SMALL), TestClient.connect(protocol), session);
  }

  private TestClient connected(ProtocolVersion protocol) {
    return connected(protocol, new FakeSession.Transient());
  }

  /** What the transport does every second. */
  private void secondPasses(TestClient client) {
    nowNanos += SECOND_NANOS;
    client.connection.writable();
    client.connection.look(nowNanos, PATIENCE_NANOS);
    client.cluster.run();
  }

  // --- connections ---

  @ParameterizedTest
  @EnumSource
  void connect_namespaceIsFull_quotaExceeded_andNoShardIsAsked(ProtocolVersion protocol) {
    allow(Quota.CONNECTIONS, 1);
    connected(protocol);
    TestClient late = client(SMALL);

    late.connection.connect(TestClient.connect(protocol));

    assertEquals(List.of("CONNACK 97", "closed"), late.output.take());
    assertTrue(late.cluster.attaches.isEmpty());
  }

  @Test
  void connect_anotherNamespace_isNotBothered() {
    allow(Quota.CONNECTIONS, 1);
    connected(ProtocolVersion.V5);
    TestClient other = client(Namespace.of("other"));

    other.connection.connect(TestClient.connect(ProtocolVersion.V5));

    assertEquals(1, other.cluster.attaches.size());
  }

  /** However a connection ends, another may take its place. */
  @Test
  void connect_afterOneHasEnded_isLetIn() {
    allow(Quota.CONNECTIONS, 1);
    connected(ProtocolVersion.V5).connection.disconnect(ReasonCode.NORMAL_DISCONNECTION, null);
    connected(ProtocolVersion.V5).connection.connectionLost();
    TestClient unanswered = client(SMALL);
    unanswered.connection.connect(TestClient.connect(ProtocolVersion.V5));
    unanswered.connection.unavailable();

    connected(ProtocolVersion.V5);

    TestClient late = client(SMALL);
    late.connection.connect(TestClient.connect(ProtocolVersion.V5));
    assertEquals(List.of("CONNACK 97", "closed"), late.output.take());
    late.connection.connectionLost();
    allow(Quota.CONNECTIONS, 2);
    connected(ProtocolVersion.V5);
  }

  /** Its sessions are the shard's to count. */
  @ParameterizedTest
  @EnumSource
  void connect_shardRefuses_quotaExceeded(ProtocolVersion protocol) {
    TestClient client = client(SMALL);
    client.connection.connect(TestClient.connect(protocol));

    client.connection.refused(ReasonCode.QUOTA_EXCEEDED);

    assertEquals(List.of("CONNACK 97", "closed"), client.output.take());
    assertTrue(client.connection.isClosed());
  }

  // --- messages in ---

  @Test
  void publish_beyondTheRate_refusedWithTheReason_atQos0Dropped() {
    allow(Quota.MESSAGES_IN, 1);
    TestClient client = connected(ProtocolVersion.V5);
    client.publish("t", 0, 0);
    assertEquals(1, client.cluster.published.size());

    client.publish("t", 0, 0);
    client.publish("t", 1, 7);
    client.publish("t", 2, 8);

    assertEquals(List.of("PUBACK 7 97", "PUBREC 8 97"), client.output.take());
    assertEquals(1, client.cluster.published.size());
    assertTrue(client.output.reading);
    secondPasses(client);
    client.publish("t", 1, 9);
    assertEquals(2, client.cluster.published.size());
  }

  /** Somebody may have had it when it was sent first. */
  @Test
  void publish_sentAgainBeyondTheRate_waitsInMqtt5Too() {
    allow(Quota.MESSAGES_IN, 1);
    TestClient client = connected(ProtocolVersion.V5, new FakeSession.Durable());
    client.publish("t", 1, 1);

    client.connection.publish(TestClient.message("t", 2), 2, 0, true);

    assertEquals(List.of(), client.output.take());
    secondPasses(client);
    assertEquals(2, client.cluster.published.size());
  }

  /** MQTT 3.1.1 has no word for it: the client is not read from until it is its turn. */
  @Test
  void publish_beyondTheRateOfMqtt3_waitsAndWhatIsBehindItToo() {
    allow(Quota.MESSAGES_IN, 1);
    TestClient client = connected(ProtocolVersion.V3);
    client.publish("t", 1, 1);

    client.publish("t", 1, 2);

    assertTrue(client.connection.isWaiting());
    assertFalse(client.output.reading);
    client.connection.whenReady(() -> client.publish("t", 2, 3));
    client.connection.look(nowNanos, PATIENCE_NANOS);
    client.cluster.run();
    assertEquals(1, client.cluster.published.size());

    secondPasses(client);
    assertEquals(2, client.cluster.published.size());
    assertTrue(client.connection.isWaiting(), "now it is the next one that waits");
    secondPasses(client);
    assertEquals(3, client.cluster.published.size());
    client.cluster.published.forEach(one -> one.answer(ReasonCode.SUCCESS));
    client.connection.speedUp();
    assertEquals(List.of("PUBACK 1 00", "PUBACK 2 00", "PUBREC 3 00"), client.output.take());
    assertTrue(client.output.reading);
  }

  /** Others may always be quicker: whoever has waited for long goes on all the same. */
  @Test
  void publish_whoseTurnNeverComes_goesOnAfterAWhile() {
    allow(Quota.MESSAGES_IN, 1);
    TestClient client = connected(ProtocolVersion.V3);
    client.publish("t", 1, 1);
    client.publish("t", 1, 2);

    client.connection.look(0, PATIENCE_NANOS);
    client.connection.look(PATIENCE_NANOS + 1, PATIENCE_NANOS);
    client.cluster.run();

    assertEquals(2, client.cluster.published.size());
    assertFalse(client.connection.isWaiting());
  }

  // --- messages out ---

  @Test
  void deliver_beyondTheRate_qos0IsDropped_restWaits() {
    allow(Quota.MESSAGES_OUT, 1);
    TestClient client = connected(ProtocolVersion.V5);
    assertEquals(SessionOwner.Delivered.GIVEN, deliver(client, "a", 1));

    assertEquals(SessionOwner.Delivered.DROPPED, deliver(client, "b", 0));
    assertEquals(Map.of(Missed.RATE_OUT, 1), client.cluster.missed);
    assertEquals(SessionOwner.Delivered.GIVEN, deliver(client, "c", 1));
    client.connection.pubAck(1);

    assertEquals(List.of("PUBLISH a id 1 qos 1"), client.output.take());
    secondPasses(client);
    assertEquals(List.of("PUBLISH c id 2 qos 1"), client.output.take());
  }

  @Test
  void push_beyondTheRate_qos0IsDropped_restWaits_releasesGo() {
    allow(Quota.MESSAGES_OUT, 1);
    TestClient client = connected(ProtocolVersion.V5, new FakeSession.Durable());
    client.connection.deliver(push("a", 5, 0, 1));

    client.connection.deliver(push("b", 0, 0, 0));
    client.connection.deliver(
        new DurableDelivery(null, 6, 5, 106, Delivery.of(Qos.EXACTLY_ONCE, false), false, true));
    client.connection.deliver(push("c", 7, 6, 1));
    client.connection.writable();

    assertEquals(List.of("PUBLISH a id 105 qos 1", "PUBREL 106 00"), client.output.take());
    secondPasses(client);
    assertEquals(List.of("PUBLISH c id 107 qos 1"), client.output.take());
    assertEquals(7, client.connection.deliveredThrough());
  }

  private static DurableDelivery push(String name, long sequence, long after, int qos) {
    int packetId = qos == 0 ? 0 : 100 + (int) sequence;
    return new DurableDelivery(
        TestMessage.named(name),
        sequence,
        after,
        packetId,
        Delivery.of(Qos.of(qos), false),
        false,
        false);
  }

  /** Retained messages are read again when there is room: none is lost. */
  @Test
  void deliverRetained_beyondTheRate_isNotTakenYet() {
    allow(Quota.MESSAGES_OUT, 2);
    TestClient client = connected(ProtocolVersion.V5);
    for (int qos = 0; qos <= 1; qos++) {
      assertTrue(client.connection.deliverRetained(TestMessage.named("r"), retained(qos)));
    }

    assertFalse(client.connection.hasRoom(), "there is no use in reading more of them");
    assertFalse(client.connection.deliverRetained(TestMessage.named("r"), retained(0)));
    assertFalse(client.connection.deliverRetained(TestMessage.named("r"), retained(1)));
    nowNanos += SECOND_NANOS;
    assertTrue(client.connection.hasRoom());
    assertTrue(client.connection.deliverRetained(TestMessage.named("r"), retained(0)));
  }

  private static Delivery retained(int qos) {
    return Delivery.of(Qos.of(qos), true);
  }

  private static SessionOwner.Delivered deliver(TestClient client, String name, int qos) {
    return client.connection.deliver(
        TestMessage.named(name), Delivery.of(Qos.of(qos), false), null);
  }
}
