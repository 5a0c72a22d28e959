package io.vmqtt.gateway.access.rules;

import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.TopicAction;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.access.TopicTemplate;
import io.vmqtt.cluster.access.Who;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.SubscriptionOptions;
import io.vmqtt.model.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules and clients that tests need. */
final class RuleCases {
  static final Set<TopicAction> BOTH = Set.of(TopicAction.PUBLISH, TopicAction.SUBSCRIBE);

  private RuleCases() {}

  /** Rules for everybody, such as {@code allow a/#}; what they are not about is denied. */
  static CompiledRules rules(String... lines) {
    List<TopicRule> rules = new ArrayList<>();
    for (String line : lines) {
      rules.add(rule(rules.size(), line, Who.EVERYBODY));
    }
    return new CompiledRules(new TopicRules(rules, Effect.DENY));
  }

  static TopicRule rule(int line, String effectAndTopic, Who who) {
    String[] words = effectAndTopic.split(" ", 2);
    return new TopicRule(
        line,
        Effect.of(words[0]),
        BOTH,
        List.of(TopicTemplate.of(words[1])),
        who,
        TopicRule.EVERY_QOS,
        null,
        null);
  }

  static Identity client(String clientId, @Nullable String user) {
    return new Identity(Namespace.NAMELESS, clientId, user, null, null);
  }

  static Subscription subscription(String filter) {
    return new Subscription(
        TopicFilter.parse(filter), SubscriptionOptions.of(Qos.AT_LEAST_ONCE), 0);
  }

  static boolean mayPublish(CompiledRules rules, Identity who, String topic) {
    return rules.of(who).publish(topic, Qos.AT_MOST_ONCE, false).isAllowed();
  }

  static boolean maySubscribe(CompiledRules rules, Identity who, String filter) {
    return rules.of(who).subscribe(subscription(filter)).isAllowed();
  }
}
