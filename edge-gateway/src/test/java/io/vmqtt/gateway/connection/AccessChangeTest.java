package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.TopicAction;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.access.TopicTemplate;
import io.vmqtt.cluster.access.Who;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.OpenAccess;
import io.vmqtt.gateway.access.rules.LiveRules;
import io.vmqtt.gateway.access.rules.RuledAccess;
import io.vmqtt.model.Message;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.SubscriptionOptions;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that change while a client is there, and what becomes of what it has. */
class AccessChangeTest {
  private final LiveRules rules = LiveRules.none();
  private final TestClient client =
      new TestClient(new RuledAccess(rules, new OpenAccess(), new CredentialChecks(1, 10)));

  private void allow(String... topics) {
    allow(TopicRule.EVERY_QOS, topics);
  }

  private void allow(Set<Qos> qos, String... topics) {
    List<TopicTemplate> templates = Arrays.stream(topics).map(TopicTemplate::of).toList();
    TopicRule rule =
        new TopicRule(
            1,
            Effect.ALLOW,
            Set.of(TopicAction.PUBLISH, TopicAction.SUBSCRIBE),
            templates,
            Who.EVERYBODY,
            qos,
            null,
            null);
    rules.follow(new AccessSettings(1, new TopicRules(List.of(rule), Effect.DENY)));
  }

  private void connected(FakeSession session) {
    var _ = TestClient.connected(client, TestClient.connect(ProtocolVersion.V5), session);
  }

  private void subscribe(String... filters) {
    client.connection.subscribe(
        1,
        Arrays.stream(filters)
            .map(
                filter ->
                    new RequestedSubscription(filter, SubscriptionOptions.of(Qos.AT_LEAST_ONCE)))
            .toList(),
        0);
    client.output.take();
  }

  private static ConnectRequest withWill(@Nullable String topic) {
    Message message = topic == null ? null : TestClient.message(topic, 1);
    return new ConnectRequest(
        ProtocolVersion.V5,
        "client",
        true,
        0,
        60,
        65_535,
        Long.MAX_VALUE,
        message == null ? null : new Will(message, 0, 0));
  }

  @Test
  void accessChanged_publishes_areJudgedAnew() {
    connected(new FakeSession.Transient());
    client.publish("a", 0, 0);

    allow("b");
    client.connection.accessChanged();
    client.publish("a", 0, 0);
    client.publish("b", 0, 0);
    rules.follow(AccessSettings.NONE);
    client.connection.accessChanged();
    client.publish("c", 0, 0);

    assertEquals(List.of("a", "b", "c"), client.cluster.topics());
    assertEquals(1, client.cluster.denied);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void accessChanged_subscriptionsThatMayNotBeAnyMore_end(boolean persistent) {
    connected(persistent ? new FakeSession.Durable() : new FakeSession.Transient());
    subscribe("a/#", "b", "$share/g/a/x", "$share/g/c");

    allow("a/#");
    client.connection.accessChanged();

    assertEquals(Set.of("a/#", "$share/g/a/x"), client.session.filters);
    assertEquals(2, client.cluster.subscriptionsDenied);
    assertTrue(client.connection.isConnected());
    assertEquals(List.of(), client.output.take(), "the client did not ask for it");
  }

  /** SUBACK waits until all routers know, and has the only word for it. */
  @Test
  void accessChanged_whileASubscriptionWaitsForRouters_subAckSaysSoAndNothingRetainedFollows() {
    connected(new FakeSession.Transient());
    client.session.hold();
    subscribe("a", "b");

    allow("a");
    client.connection.accessChanged();
    client.session.answerNewest(); // what it subscribes to
    client.session.answer();

    assertEquals(List.of("SUBACK 1 [01, 87]"), client.output.take());
    assertEquals(List.of("a"), client.session.retainedFor);
    assertEquals(Set.of("a"), client.session.filters);
  }

  /** Else the client would lose what it has just been told that it has. */
  @Test
  void accessChanged_subscribedAnewMeanwhile_whatWasGrantedStays() {
    connected(new FakeSession.Durable());
    subscribe("a");
    client.session.hold();
    allow(EnumSet.of(Qos.AT_MOST_ONCE), "a");
    client.connection.accessChanged();

    client.connection.subscribe(
        2, List.of(new RequestedSubscription("a", SubscriptionOptions.of(Qos.AT_MOST_ONCE))), 0);
    client.session.answer(); // what it subscribed to before, at another QoS
    client.session.answer();

    assertEquals(List.of("SUBACK 2 [00]"), client.output.take());
    assertEquals(Set.of("a"), client.session.filters);
  }

  /** The next look begins with what is subscribed then. */
  @Test
  void accessChanged_afterALookThatIsOver_whatWasSubscribedMeanwhileIsJudged() {
    connected(new FakeSession.Durable());
    allow("a");
    client.connection.accessChanged();
    subscribe("a");

    allow("b");
    client.connection.accessChanged();

    assertEquals(Set.of(), client.session.filters);
  }

  @Test
  void accessChanged_answerComesAfterTheEnd_isForNobody() {
    connected(new FakeSession.Durable());
    subscribe("b");
    client.session.hold();
    allow("a");
    client.connection.accessChanged();

    client.connection.end(ReasonCode.SERVER_SHUTTING_DOWN);
    client.session.answer();

    assertEquals(Set.of("b"), client.session.filters);
  }

  @Test
  void accessChanged_everythingAllowed_nobodyIsAsked() {
    connected(new FakeSession.Durable());
    subscribe("b");
    client.session.calls.clear();

    client.connection.accessChanged();

    assertEquals(List.of(), client.session.calls);
  }

  /** What it subscribed to then, it, or another of its name, may not have now. */
  @Test
  void attached_sessionThatExisted_itsSubscriptionsAreJudged() {
    allow("a");
    client.session = new FakeSession.Durable();
    client.session.filters.addAll(Set.of("a", "b"));
    client.connection.connect(TestClient.connect(ProtocolVersion.V5));

    client.connection.attached(client.session.asSession(), true, null);

    assertEquals(Set.of("a"), client.session.filters);
  }

  @Test
  void accessChanged_willThatMayNotBeAnyMore_isNotPublished() {
    var _ = TestClient.connected(client, withWill("last/words"), new FakeSession.Transient());

    allow("a");
    client.connection.accessChanged();
    client.connection.connectionLost();

    assertEquals("clean", client.session.detached);
  }

  @Test
  void accessChanged_willThatStillMayBe_isPublished() {
    var _ = TestClient.connected(client, withWill("last/words"), new FakeSession.Transient());

    allow("last/#");
    client.connection.accessChanged();
    client.connection.connectionLost();

    assertEquals("with will", client.session.detached);
  }

  /** The rules of the moment decide, as where it is a store that publishes it. */
  @Test
  void accessChanged_willThatMayBeAgain_isPublished() {
    var _ = TestClient.connected(client, withWill("last/words"), new FakeSession.Transient());

    allow("a");
    client.connection.accessChanged();
    allow("last/#");
    client.connection.accessChanged();
    client.connection.connectionLost();

    assertEquals("with will", client.session.detached);
  }

  @Test
  void accessChanged_whileTheShardIsAsked_counts() {
    client.connection.connect(withWill("last/words"));
    allow("a");
    client.connection.accessChanged();
    client.connection.attached(client.session.asSession(), false, null);

    client.publish("b", 0, 0);
    client.connection.connectionLost();

    assertEquals(List.of(), client.cluster.topics());
    assertEquals("clean", client.session.detached);
  }

  @Test
  void accessChanged_withoutAClient_changesNothing() {
    client.connection.accessChanged();
    assertFalse(client.connection.isClosed());

    client.connection.end(ReasonCode.UNSPECIFIED_ERROR);
    client.connection.accessChanged();
    assertTrue(client.connection.isClosed());
  }

  /** [MQTT-3.3.5-2] of 3.1.1 leaves the choice. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Conforms(v311 = "MQTT-3.3.5-2")
  void publish_deniedBeforeMqtt5WhereTheListenerSaysSo_isAcknowledgedAndGone(int qos) {
    FakeAccess access = new FakeAccess();
    TestClient other = new TestClient(access, DeniedPublishes.ACKNOWLEDGE);
    var _ =
        TestClient.connected(
            other, TestClient.connect(ProtocolVersion.V3), new FakeSession.Transient());
    access.now(FakeAccess.How.DENIES);

    other.publish("t", qos, 7);

    assertEquals(List.of(qos == 1 ? "PUBACK 7 00" : "PUBREC 7 00"), other.output.take());
    assertEquals(List.of(), other.cluster.topics());
    assertEquals(1, other.cluster.denied);
    assertTrue(other.connection.isConnected());
    if (qos == 2) {
      other.connection.pubRel(7);
      assertEquals(1, other.output.take().size(), "PUBCOMP");
    }
  }

  /** Nobody could say whether it may be: its client has to publish it again. */
  @Test
  void publish_nobodyCouldTellWhereDeniedOnesAreAcknowledged_connectionEnds() {
    FakeAccess access = new FakeAccess();
    TestClient other = new TestClient(access, DeniedPublishes.ACKNOWLEDGE);
    var _ =
        TestClient.connected(
            other, TestClient.connect(ProtocolVersion.V3), new FakeSession.Transient());
    access.now(FakeAccess.How.FAILS);

    other.publish("t", 1, 7);

    assertEquals(List.of("closed"), other.output.take());
  }

  @Test
  void publish_deniedOfMqtt5WhereDeniedOnesAreAcknowledged_isToldSo() {
    FakeAccess access = new FakeAccess();
    TestClient other = new TestClient(access, DeniedPublishes.ACKNOWLEDGE);
    var _ =
        TestClient.connected(
            other, TestClient.connect(ProtocolVersion.V5), new FakeSession.Transient());
    access.now(FakeAccess.How.DENIES);

    other.publish("t", 1, 7);

    assertEquals(List.of("PUBACK 7 87"), other.output.take());
  }
}
