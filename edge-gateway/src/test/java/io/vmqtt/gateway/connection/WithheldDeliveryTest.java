package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.TopicAction;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.access.TopicTemplate;
import io.vmqtt.cluster.access.Who;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.OpenAccess;
import io.vmqtt.gateway.access.rules.LiveRules;
import io.vmqtt.gateway.access.rules.RuledAccess;
import io.vmqtt.gateway.connection.RecordingOutput.TestMessage;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Qos;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages in the queue of a persistent session that its client may not have any more. */
class WithheldDeliveryTest {
  private final LiveRules rules = LiveRules.none();
  private final TestClient client =
      new TestClient(new RuledAccess(rules, new OpenAccess(), new CredentialChecks(1, 10)));
  private final FakeSession session = new FakeSession.Durable();

  private void allow(String topic) {
    TopicRule rule =
        new TopicRule(
            1,
            Effect.ALLOW,
            Set.of(TopicAction.SUBSCRIBE),
            List.of(TopicTemplate.of(topic)),
            Who.EVERYBODY,
            TopicRule.EVERY_QOS,
            null,
            null);
    rules.follow(new AccessSettings(1, new TopicRules(List.of(rule), Effect.DENY)));
  }

  /** The client comes to a session that is there, or makes one. */
  private void connect(boolean present) {
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));
    client.connection.attached(session.asSession(), present, null);
    client.output.take();
  }

  private void push(String topic, long sequence, int qos, boolean dup) {
    client.connection.deliver(
        new DurableDelivery(
            TestMessage.named(topic),
            sequence,
            0,
            qos == 0 ? 0 : 100 + (int) sequence,
            Delivery.of(Qos.of(qos), false),
            dup,
            false));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void deliver_queuedWhileTheClientWasAllowedIt_leavesTheQueueUnsent(int qos) {
    allow("a/#");
    connect(true);

    push("b", 5, qos, false);
    push("a/b", 6, qos, false);

    assertEquals(List.of("PUBLISH a/b id 106 qos " + qos), client.output.take());
    assertEquals(List.of(5L), session.acknowledged);
    assertEquals(List.of(5L), session.withheld, "others of a share group may have it");
    assertEquals(6, client.connection.deliveredThrough(), "nothing is pushed again");
    assertEquals(1, client.cluster.deliveriesDenied);
  }

  @Test
  void deliver_atMostOnceThatMayNotBeAnyMore_isDropped() {
    allow("a/#");
    connect(true);

    push("b", 0, 0, false);
    push("a/b", 0, 0, false);

    assertEquals(List.of("PUBLISH a/b qos 0"), client.output.take());
    assertEquals(1, client.cluster.deliveriesDenied);
    assertEquals(List.of(), session.acknowledged);
  }

  @Test
  void accessChanged_whileTheClientIsThere_whatComesFromThenOnIsJudged() {
    connect(false);
    push("b", 5, 1, false);

    allow("a/#");
    client.connection.accessChanged();
    push("b", 6, 1, false);
    push("a/b", 7, 1, false);
    rules.follow(AccessSettings.NONE);
    client.connection.accessChanged();
    push("b", 8, 1, false);

    assertEquals(
        List.of("PUBLISH b id 105 qos 1", "PUBLISH a/b id 107 qos 1", "PUBLISH b id 108 qos 1"),
        client.output.take());
    assertEquals(List.of(6L), session.acknowledged);
  }

  /** Rules as they are when it is written count, not those when it came. */
  @Test
  void accessChanged_whileAMessageWaitsForASlowClient_itIsJudged() {
    connect(false);
    client.output.writable = false;
    push("b", 5, 1, false);
    push("a/b", 6, 1, false);

    allow("a/#");
    client.connection.accessChanged();
    client.output.writable = true;
    client.connection.writable();

    assertEquals(List.of("PUBLISH a/b id 106 qos 1"), client.output.take());
    assertEquals(List.of(5L), session.acknowledged);
    assertEquals(0, client.cluster.memory.bytes());
  }

  /** All that its subscriptions bring is allowed, as they were granted by these rules. */
  @Test
  void deliver_newSession_nobodyIsAsked() {
    allow("a/#");
    connect(false);

    push("b", 5, 1, false);

    assertEquals(List.of("PUBLISH b id 105 qos 1"), client.output.take());
  }

  /** The client may have it, and wait for PUBREL: until then the packet id means this message. */
  @Test
  void deliver_begunExactlyOnceThatMayNotBeAnyMore_endsAsIfItHadBeenReceived() {
    allow("a/#");
    connect(true);
    session.hold();

    push("b", 5, 2, true);
    assertEquals(List.of("subscriptions", "received 5"), session.calls);
    assertEquals(List.of(), client.output.take());
    session.answer();
    assertEquals(List.of("PUBREL 105 00"), client.output.take());
    assertEquals(List.of(), session.acknowledged);

    client.connection.pubComp(105);
    assertEquals(List.of(5L), session.acknowledged);
  }

  /** What the client has is its own: nothing of it is sent again. */
  @Test
  void deliver_release_goesOn() {
    allow("a/#");
    connect(true);

    client.connection.deliver(
        new DurableDelivery(null, 5, 0, 105, Delivery.of(Qos.EXACTLY_ONCE, false), false, true));
    client.connection.pubComp(105);

    assertEquals(List.of("PUBREL 105 00"), client.output.take());
    assertEquals(List.of(5L), session.acknowledged);
  }

  @Test
  void deliver_begunAtLeastOnceThatMayNotBeAnyMore_leavesTheQueue() {
    allow("a/#");
    connect(true);

    push("b", 5, 1, true);

    assertEquals(List.of(), client.output.take());
    assertEquals(List.of(5L), session.acknowledged);
  }
}
