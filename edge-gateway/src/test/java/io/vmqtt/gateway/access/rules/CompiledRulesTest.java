package io.vmqtt.gateway.access.rules;

import static io.vmqtt.gateway.access.rules.RuleCases.client;
import static io.vmqtt.gateway.access.rules.RuleCases.mayPublish;
import static io.vmqtt.gateway.access.rules.RuleCases.maySubscribe;
import static io.vmqtt.gateway.access.rules.RuleCases.rule;
import static io.vmqtt.gateway.access.rules.RuleCases.rules;
import static io.vmqtt.gateway.access.rules.RuleCases.subscription;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.NamePattern;
import io.vmqtt.cluster.access.TopicAction;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.access.TopicTemplate;
import io.vmqtt.cluster.access.Who;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompiledRulesTest {
  private static final Identity ALICE = client("device-1", "alice");

  @Test
  void publish_severalRulesApply_theFirstDecidesAndIsNamed() {
    CompiledRules rules = rules("deny a/secret", "allow a/#", "deny #");

    assertEquals(0, line(rules.of(ALICE).publish("a/secret", Qos.AT_MOST_ONCE, false)));
    assertEquals(1, line(rules.of(ALICE).publish("a/b", Qos.AT_MOST_ONCE, false)));
    assertEquals(2, line(rules.of(ALICE).publish("b", Qos.AT_MOST_ONCE, false)));
  }

  private static int line(Decision decision) {
    TopicRule rule = decision.rule();
    return rule == null ? -1 : rule.line();
  }

  /** Whoever asks much has to be able to see it: none of these rules is about Alice. */
  @Test
  void work_ofWildcardsAboveManyDenials_growsWithThemAndThatOfATopicDoesNot() {
    int count = 1_000;
    Who others = new Who(Set.of(), List.of(new NamePattern("other-*")), Set.of());
    List<TopicRule> many =
        IntStream.range(0, count).mapToObj(i -> rule(i, "deny d-" + i + "/x", others)).toList();
    ClientRules hers = new CompiledRules(new TopicRules(many, Effect.ALLOW)).of(ALICE);

    hers.publish("d-7/x", Qos.AT_MOST_ONCE, false);
    long ofATopic = hers.work();
    hers.subscribe(subscription("#"));
    long ofAll = hers.work() - ofATopic;

    assertTrue(ofATopic > 0 && ofATopic < 10, () -> "a topic: " + ofATopic);
    assertTrue(ofAll >= count && ofAll <= 5L * count, () -> "a wildcard: " + ofAll);
  }

  @Test
  void publish_noRuleApplies_theDefaultDecides() {
    Decision denied = rules("allow a").of(ALICE).publish("b", Qos.AT_MOST_ONCE, false);
    CompiledRules open = new CompiledRules(new TopicRules(List.of(), Effect.ALLOW));

    assertFalse(denied.isAllowed());
    assertNull(denied.rule());
    assertTrue(mayPublish(open, ALICE, "b"));
    assertTrue(maySubscribe(open, ALICE, "#"));
  }

  @ParameterizedTest
  @CsvSource({
    "allow ${clientid}/x, device-1/x, true",
    "allow ${clientid}/x, device-2/x, false",
    "allow a/id-${username}-x, a/id-alice-x, true",
    "allow a/id-${username}-x, a/id-alice, false",
    "allow ${namespace}/x, plant/x, true",
    "allow ${claims.site}/x, north/x, true",
    "allow ${claims.other}/x, /x, false",
    "allow ${cert.cn}/x, /x, false",
    "allow $${clientid}/x, ${clientid}/x, true",
  })
  void variable_standsForTheNameOfTheClient(String rule, String topic, boolean allowed) {
    Identity who =
        new Identity(
            Namespace.of("plant"), "device-1", "alice", null, null, Map.of("site", "north"));

    assertEquals(allowed, mayPublish(rules(rule), who, topic));
    assertEquals(allowed, maySubscribe(rules(rule), who, topic));
  }

  /** Else a client would choose what it may do by its name. */
  @ParameterizedTest
  @CsvSource({"a/b, a/b/x", "+, a/x", "+, +/x", "#, #", "#, a/x", "$SYS, $SYS/x"})
  void variable_nameThatWouldBreakOut_matchesNothing(String clientId, String filter) {
    CompiledRules rules = rules("allow ${clientid}/x", "allow ${clientid}/#");

    assertFalse(maySubscribe(rules, client(clientId, null), filter), "subscribe");
    assertFalse(mayPublish(rules, client(clientId, null), filter), "publish");
  }

  @Test
  void variable_withoutAValue_matchesNothing() {
    CompiledRules rules = rules("allow a/${username}");

    assertFalse(mayPublish(rules, client("c", null), "a/"));
    assertFalse(mayPublish(rules, client("c", ""), "a/"));
  }

  /** As a wildcard at the start of a filter does not [MQTT-4.7.2-1]. */
  @Test
  void wildcardAtTheStart_reachesNoTopicOfTheSystem() {
    CompiledRules rules = rules("allow #", "allow +/a");

    assertFalse(mayPublish(rules, ALICE, "$SYS/a"));
    assertFalse(maySubscribe(rules, ALICE, "$SYS/#"));
    assertFalse(maySubscribe(rules, ALICE, "$SYS/a"));
    assertTrue(maySubscribe(rules("allow $SYS/#"), ALICE, "$SYS/+/x"));
  }

  @ParameterizedTest
  @CsvSource({
    "allow a/#, a/#, true",
    "allow a/#, a/+/b, true",
    "allow a/#, a, true",
    "allow a/+, a/#, false",
    "allow a/b, a/+, false",
    "allow +/#, #, true",
    "allow a/#, #, false",
  })
  void subscribe_isAllowedIfOneRuleCoversIt(String rule, String filter, boolean allowed) {
    assertEquals(allowed, maySubscribe(rules(rule), ALICE, filter));
  }

  @ParameterizedTest
  @ValueSource(strings = {"#", "a/#", "a/+", "+/secret", "a/secret/#"})
  void subscribe_whereADenyBeforeTheAllowOverlaps_refused(String filter) {
    assertFalse(maySubscribe(rules("deny a/secret", "allow #"), ALICE, filter));
    assertTrue(maySubscribe(rules("allow #", "deny a/secret"), ALICE, filter));
  }

  @Test
  void subscribe_denyElsewhere_doesNotMatter() {
    CompiledRules rules = rules("deny a/secret", "allow #");

    assertTrue(maySubscribe(rules, ALICE, "b/#"));
    assertTrue(maySubscribe(rules, ALICE, "a/b"));
  }

  @ParameterizedTest
  @CsvSource({
    "$share/workers/jobs/a, true",
    "$share/others/jobs/a, false",
    "jobs/a, false",
    "$share/workers/other, false",
  })
  void subscribe_ruleForShareGroups_isForThoseAlone(String filter, boolean allowed) {
    TopicRule rule =
        new TopicRule(
            1,
            Effect.ALLOW,
            Set.of(TopicAction.SUBSCRIBE),
            List.of(TopicTemplate.of("jobs/#")),
            Who.EVERYBODY,
            TopicRule.EVERY_QOS,
            null,
            List.of(new NamePattern("work*")));
    CompiledRules rules = new CompiledRules(new TopicRules(List.of(rule), Effect.DENY));

    assertEquals(allowed, maySubscribe(rules, ALICE, filter));
  }

  @Test
  void subscribe_sharedOne_isJudgedByTheFilterBehindTheGroup() {
    assertTrue(maySubscribe(rules("allow a/#"), ALICE, "$share/g/a/b"));
    assertFalse(maySubscribe(rules("allow a/#"), ALICE, "$share/g/b"));
  }

  @Test
  void qosAndRetain_areConditionsOfTheirRule() {
    TopicRule rule =
        new TopicRule(
            1,
            Effect.ALLOW,
            Set.of(TopicAction.PUBLISH),
            List.of(TopicTemplate.of("a")),
            Who.EVERYBODY,
            Set.of(Qos.AT_MOST_ONCE),
            false,
            null);
    ClientRules rules = new CompiledRules(new TopicRules(List.of(rule), Effect.DENY)).of(ALICE);

    assertTrue(rules.publish("a", Qos.AT_MOST_ONCE, false).isAllowed());
    assertFalse(rules.publish("a", Qos.AT_LEAST_ONCE, false).isAllowed());
    assertFalse(rules.publish("a", Qos.AT_MOST_ONCE, true).isAllowed());
    assertFalse(rules.subscribe(subscription("a")).isAllowed(), "it is about publishes");
  }

  /** However few or many are named: those have trees of their own, or are in that of all. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8, 9, 100})
  void who_usersAndClientIds_onlyThoseAreMeant(int names) {
    List<String> users = new ArrayList<>(List.of("alice"));
    for (int i = 1; i < names; i++) {
      users.add("user-" + i);
    }
    Who byUser = new Who(Set.copyOf(users), List.of(), Set.of());
    Who byClient = new Who(Set.of(), users.stream().map(NamePattern::new).toList(), Set.of());
    CompiledRules rules =
        new CompiledRules(
            new TopicRules(
                List.of(
                    RuleCases.rule(0, "deny a/closed", Who.EVERYBODY),
                    RuleCases.rule(1, "allow a/#", byUser),
                    RuleCases.rule(2, "allow b", byClient)),
                Effect.DENY));

    assertTrue(mayPublish(rules, client("x", "alice"), "a/b"));
    assertFalse(mayPublish(rules, client("x", "alice"), "a/closed"), "a rule for all is before");
    assertFalse(mayPublish(rules, client("x", "bob"), "a/b"));
    assertFalse(mayPublish(rules, client("alice", null), "a/b"));
    assertTrue(maySubscribe(rules, client("alice", null), "b"));
    assertFalse(maySubscribe(rules, client("x", "alice"), "b"));
  }

  @Test
  void who_namespacesAndPatterns_allHaveToHold() {
    Who who =
        new Who(
            Set.of("alice"), List.of(new NamePattern("device-*")), Set.of(Namespace.of("plant")));
    CompiledRules rules =
        new CompiledRules(new TopicRules(List.of(RuleCases.rule(0, "allow a", who)), Effect.DENY));

    assertTrue(
        mayPublish(
            rules, new Identity(Namespace.of("plant"), "device-1", "alice", null, null), "a"));
    assertFalse(mayPublish(rules, ALICE, "a"), "another namespace");
    assertFalse(
        mayPublish(rules, new Identity(Namespace.of("plant"), "x", "alice", null, null), "a"));
  }
}
