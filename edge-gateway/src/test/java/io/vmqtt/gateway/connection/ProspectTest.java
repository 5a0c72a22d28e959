package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.TopicAction;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.access.TopicTemplate;
import io.vmqtt.cluster.access.Who;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Authorizer;
import io.vmqtt.gateway.access.ComposedAccess;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.rules.LiveRules;
import io.vmqtt.gateway.audit.AuditedAccess;
import io.vmqtt.model.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What operators hear of a client and a message. */
class ProspectTest {
  private static final TopicRule RULE =
      new TopicRule(
          4,
          Effect.DENY,
          Set.of(TopicAction.PUBLISH),
          List.of(TopicTemplate.of("plant/#")),
          Who.EVERYBODY,
          TopicRule.EVERY_QOS,
          null,
          null);

  private static Prospect prospect(TestClient client) {
    return Objects.requireNonNull(Prospect.of(client.connection));
  }

  private static Authorizer.@Nullable Verdict mayPublish(TestClient client, String topic) {
    return prospect(client).mayPublish(TestClient.message(topic, 1));
  }

  @Test
  void of_notConnected_null() {
    assertNull(Prospect.of(new TestClient().connection));
    TestClient gone = TestClient.connected(ProtocolVersion.V5);
    gone.connection.connectionLost();
    assertNull(Prospect.of(gone.connection));
  }

  @Test
  void subscriptions_ofASessionHere_known_ofAShards_not() {
    assertNotNull(prospect(TestClient.connected(ProtocolVersion.V5)).subscriptions());
    TestClient durable = TestClient.connected(ProtocolVersion.V5, new FakeSession.Durable());
    assertNull(prospect(durable).subscriptions());
  }

  @Test
  void takesMore_socketIsFull_no() {
    TestClient client = TestClient.connected(ProtocolVersion.V5);
    assertTrue(prospect(client).takesMore());
    client.output.writable = false;
    assertFalse(prospect(client).takesMore());
  }

  @Test
  void mayPublish_everythingIsAllowed_yesByNoRule() {
    TestClient client = TestClient.connected(ProtocolVersion.V5);
    assertEquals(new Authorizer.Verdict(true, null), mayPublish(client, "a"));
  }

  @Test
  void mayPublish_topicOfTheServer_noWhateverTheRulesSay() {
    TestClient client = TestClient.connected(ProtocolVersion.V5);
    assertFalse(Objects.requireNonNull(mayPublish(client, "$SYS/broker/uptime")).isGranted());
  }

  @Test
  void mayPublish_somebodyOutsideDecides_isNotAsked() {
    FakeAccess outside = new FakeAccess();
    TestClient client =
        TestClient.connected(
            new TestClient(outside),
            TestClient.connect(ProtocolVersion.V5),
            new FakeSession.Transient());
    assertNull(mayPublish(client, "a"));
  }

  @Test
  void mayPublish_rules_theLineThatDecides_andNothingIsAudited() {
    List<String> audited = new ArrayList<>();
    LiveRules rules = new LiveRules();
    rules.follow(new AccessSettings(0, new TopicRules(List.of(RULE), Effect.ALLOW)));
    Identity who = new Identity(Namespace.NAMELESS, "client", null, null, null);
    TestClient client =
        TestClient.connected(
            new TestClient(
                new AuditedAccess(
                    "tcp",
                    new ComposedAccess(
                        said -> CompletableFuture.completedFuture(new Authentication.Accepted(who)),
                        Objects.requireNonNull(rules.of(who))),
                    (event, rule) -> audited.add(event.kind().name()))),
            TestClient.connect(ProtocolVersion.V5),
            new FakeSession.Transient());
    audited.clear();

    assertEquals(
        new Authorizer.Verdict(false, "line 4: deny publish plant/#"),
        mayPublish(client, "plant/a"));
    assertTrue(Objects.requireNonNull(mayPublish(client, "other")).isGranted());
    assertEquals(List.of(), audited);
  }
}
