package io.vmqtt.gateway.access.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.NamePattern;
import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.cluster.access.TopicAction;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.access.TopicTemplate;
import io.vmqtt.cluster.access.Who;
import io.vmqtt.cluster.access.WillRules;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.SubscriptionOptions;
import io.vmqtt.model.TopicFilter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Compiled rules against a model that tries them one by one, and that knows of a filter nothing but
 * which topics it matches: all short ones are enumerated. Letters that no rule has, and a level
 * more than any has, stand for all others.
 */
class RuleModelTest {
  private static final long SEED = 20_251_126;
  private static final int ROUNDS = 1_500;
  private static final int QUESTIONS = 40;
  private static final int MOST_LEVELS = 3;
  private static final String[] LEVELS = {"a", "b", "", "$s", "+", "+", "${clientid}"};
  private static final List<String> TOPICS = topics();

  private final Random random = new Random(SEED);
  private final Map<String, BitSet> matched = new HashMap<>();

  private static List<String> topics() {
    List<String> topics = new ArrayList<>();
    List<String> letters = List.of("a", "b", "", "$s", "other", "$other");
    List<String> last = letters;
    for (int levels = 1; levels <= MOST_LEVELS + 1; levels++) {
      last.stream().filter(topic -> !topic.isEmpty()).forEach(topics::add);
      List<String> longer = new ArrayList<>();
      last.forEach(topic -> letters.forEach(letter -> longer.add(topic + '/' + letter)));
      last = longer;
    }
    return topics;
  }

  @Test
  void publish_anyRulesAndTopic_asTheModelSays() {
    for (int round = 0; round < ROUNDS; round++) {
      TopicRules rules = rules();
      CompiledRules compiled = new CompiledRules(rules);
      WillRules ofWills = new WillRules(rules);
      for (int i = 0; i < QUESTIONS; i++) {
        Identity who = client();
        String topic = TOPICS.get(random.nextInt(TOPICS.size()));
        Qos qos = Qos.of(random.nextInt(3));
        boolean retain = random.nextBoolean();
        TopicRule expected = publishModel(rules, who, topic, qos, retain);
        assertEquals(
            expected,
            compiled.of(who).publish(topic, qos, retain).rule(),
            () -> who + " publishes to '" + topic + "' by " + rules.rules());
        assertEquals(
            expected != null && expected.effect() == Effect.ALLOW,
            ofWills.allow(who.willOwner(), topic, qos, retain),
            () -> who + " leaves a will for '" + topic + "' by " + rules.rules());
      }
    }
  }

  @Test
  void subscribe_anyRulesAndFilter_asTheModelSays() {
    for (int round = 0; round < ROUNDS; round++) {
      TopicRules rules = rules();
      CompiledRules compiled = new CompiledRules(rules);
      for (int i = 0; i < QUESTIONS; i++) {
        Identity who = client();
        Subscription wanted = wanted();
        TopicRule expected = subscribeModel(rules, who, wanted);
        assertEquals(
            expected,
            compiled.of(who).subscribe(wanted).rule(),
            () -> who + " subscribes to '" + wanted.filter().text() + "' by " + rules.rules());
      }
    }
  }

  /** Else a client would miss what it has asked for, and was granted. */
  @Test
  void mayReceive_whatAGrantedSubscriptionBrings_isAllowed() {
    int granted = 0;
    for (int round = 0; round < ROUNDS; round++) {
      TopicRules rules = rules();
      CompiledRules compiled = new CompiledRules(rules);
      for (int i = 0; i < QUESTIONS; i++) {
        Identity who = client();
        Subscription wanted = wanted();
        ClientRules hers = compiled.of(who);
        if (hers.subscribe(wanted).isAllowed()) {
          granted++;
          matched(wanted.filter().filter(), who).stream()
              .mapToObj(TOPICS::get)
              .forEach(
                  topic ->
                      assertTrue(
                          hers.mayReceive(topic),
                          () ->
                              who
                                  + " has '"
                                  + wanted.filter().text()
                                  + "', which brings '"
                                  + topic
                                  + "', by "
                                  + rules.rules()));
        }
      }
    }
    assertTrue(granted > ROUNDS, "many were granted");
  }

  /** Where no rule is about some subscriptions alone, a topic is a filter like others. */
  @Test
  void mayReceive_rulesWithoutConditions_asASubscriptionToTheTopic() {
    CompiledRules compiled =
        RuleCases.rules("deny a/secret", "allow a/+", "deny b/#", "allow ${clientid}/#");
    ClientRules hers = compiled.of(RuleCases.client("b", null));
    for (String topic : List.of("a/secret", "a/b", "b", "b/a", "c", "$s")) {
      assertEquals(
          hers.subscribe(RuleCases.subscription(topic)).isAllowed(), hers.mayReceive(topic), topic);
    }
  }

  /** Where a question is about some of its own, and to which part of them it goes, says nothing. */
  @Test
  void ofOwnRules_anyOfThem_areAsIfTheyStoodAboveThoseOfAll() {
    for (int round = 0; round < ROUNDS; round++) {
      TopicRules rules = rules();
      int own = random.nextInt(rules.rules().size() + 1);
      CompiledRules compiled =
          new CompiledRules(new OwnRules(rules.rules().subList(0, own), null))
              .before(
                  new CompiledRules(
                      new TopicRules(
                          rules.rules().subList(own, rules.rules().size()), rules.otherwise())));
      for (int i = 0; i < QUESTIONS; i++) {
        Identity who = client();
        Subscription wanted = wanted();
        String topic = TOPICS.get(random.nextInt(TOPICS.size()));
        Qos qos = Qos.of(random.nextInt(3));
        assertEquals(
            publishModel(rules, who, topic, qos, false),
            compiled.of(who).publish(topic, qos, false).rule(),
            () -> who + " publishes to '" + topic + "' by " + own + " of " + rules.rules());
        assertEquals(
            subscribeModel(rules, who, wanted),
            compiled.of(who).subscribe(wanted).rule(),
            () -> who + " subscribes to '" + wanted + "' by " + own + " of " + rules.rules());
        assertEquals(
            new CompiledRules(rules).of(who).mayReceive(topic),
            compiled.of(who).mayReceive(topic),
            () -> who + " receives '" + topic + "' by " + own + " of " + rules.rules());
      }
    }
  }

  // --- the model ---

  private static boolean isFor(TopicRule rule, TopicAction action, Qos qos, Identity who) {
    return rule.actions().contains(action)
        && rule.qos().contains(qos)
        && rule.who().includes(who.userName(), who.clientId(), who.namespace());
  }

  private @Nullable TopicRule publishModel(
      TopicRules rules, Identity who, String topic, Qos qos, boolean retain) {
    int index = TOPICS.indexOf(topic);
    for (TopicRule rule : rules.rules()) {
      if (isFor(rule, TopicAction.PUBLISH, qos, who)
          && (rule.retain() == null || rule.retain() == retain)
          && rule.topics().stream().anyMatch(one -> matched(one.text(), who).get(index))) {
        return rule;
      }
    }
    return null;
  }

  private @Nullable TopicRule subscribeModel(TopicRules rules, Identity who, Subscription wanted) {
    BitSet topics = matched(wanted.filter().filter(), who);
    String group = wanted.filter().shareGroup();
    for (TopicRule rule : rules.rules()) {
      boolean ofGroup =
          rule.shareGroups() == null
              || rule.shareGroups().stream().anyMatch(one -> one.text().equals(group));
      if (isFor(rule, TopicAction.SUBSCRIBE, wanted.options().maximumQos(), who)
          && ofGroup
          && rule.topics().stream()
              .map(one -> matched(one.text(), who))
              .anyMatch(
                  ofRule ->
                      rule.effect() == Effect.DENY
                          ? ofRule.intersects(topics)
                          : covers(ofRule, topics))) {
        return rule;
      }
    }
    return null;
  }

  private static boolean covers(BitSet one, BitSet other) {
    BitSet left = (BitSet) other.clone();
    left.andNot(one);
    return left.isEmpty();
  }

  /** Which topics a filter of a rule matches for a client, by their places. */
  private BitSet matched(String template, Identity who) {
    boolean usable = !who.clientId().contains("/");
    if (template.contains("${") && !usable) {
      return new BitSet();
    }
    String filter = template.replace("${clientid}", who.clientId());
    return matched.computeIfAbsent(
        filter,
        absent -> {
          BitSet topics = new BitSet();
          for (int i = 0; i < TOPICS.size(); i++) {
            topics.set(i, TopicFilter.matches(filter, TOPICS.get(i)));
          }
          return topics;
        });
  }

  // --- what is tried ---

  private TopicRules rules() {
    List<TopicRule> rules = new ArrayList<>();
    for (int i = random.nextInt(8); i >= 0; i--) {
      rules.add(rule(rules.size()));
    }
    return new TopicRules(rules, Effect.DENY);
  }

  private TopicRule rule(int line) {
    Set<TopicAction> actions =
        switch (random.nextInt(3)) {
          case 0 -> Set.of(TopicAction.PUBLISH);
          case 1 -> Set.of(TopicAction.SUBSCRIBE);
          default -> RuleCases.BOTH;
        };
    List<TopicTemplate> topics = new ArrayList<>();
    for (int i = random.nextInt(2); i >= 0; i--) {
      topics.add(TopicTemplate.of(filter(LEVELS)));
    }
    Boolean retain = actions.equals(Set.of(TopicAction.PUBLISH)) ? anyFlag() : null;
    List<NamePattern> groups =
        actions.equals(Set.of(TopicAction.SUBSCRIBE)) && random.nextInt(3) == 0
            ? List.of(new NamePattern("g"))
            : null;
    return new TopicRule(
        line,
        random.nextBoolean() ? Effect.ALLOW : Effect.DENY,
        actions,
        topics,
        who(),
        random.nextInt(3) == 0
            ? EnumSet.of(Qos.of(random.nextInt(3)), Qos.of(random.nextInt(3)))
            : TopicRule.EVERY_QOS,
        retain,
        groups);
  }

  private @Nullable Boolean anyFlag() {
    return random.nextBoolean() ? null : (Boolean) random.nextBoolean();
  }

  private Who who() {
    return switch (random.nextInt(6)) {
      case 0 -> new Who(Set.of("u"), List.of(), Set.of());
      case 1 -> new Who(Set.of("u", "v"), List.of(new NamePattern("a*")), Set.of());
      case 2 -> new Who(Set.of(), List.of(new NamePattern("a")), Set.of());
      case 3 -> new Who(Set.of(), List.of(new NamePattern("*")), Set.of(Namespace.NAMELESS));
      default -> Who.EVERYBODY;
    };
  }

  private Identity client() {
    String[] clientIds = {"a", "b", "other", "a/b"};
    String user =
        switch (random.nextInt(3)) {
          case 0 -> "u";
          case 1 -> "v";
          default -> null;
        };
    Namespace namespace = random.nextBoolean() ? Namespace.NAMELESS : Namespace.of("n");
    return new Identity(namespace, clientIds[random.nextInt(4)], user, null, null);
  }

  private Subscription wanted() {
    String[] levels = {"a", "b", "", "$s", "+", "+", "other"};
    String filter = random.nextInt(10) == 0 ? "#" : filter(levels);
    String text = random.nextInt(4) == 0 ? "$share/g/" + filter : filter;
    return new Subscription(
        TopicFilter.parse(text), SubscriptionOptions.of(Qos.of(random.nextInt(3))), 0);
  }

  private String filter(String... levels) {
    while (true) {
      List<String> chosen = new ArrayList<>();
      for (int i = random.nextInt(MOST_LEVELS); i >= 0; i--) {
        chosen.add(levels[random.nextInt(levels.length)]);
      }
      if (random.nextInt(3) == 0) {
        chosen.set(chosen.size() - 1, "#");
      }
      String filter = String.join("/", chosen);
      if (!filter.isEmpty()) {
        return filter;
      }
    }
  }
}
