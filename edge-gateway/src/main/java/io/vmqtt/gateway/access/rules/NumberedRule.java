package io.vmqtt.gateway.access.rules;

import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.TopicRule;

/**
 * A rule with its place among all.
 *
 * @param index from 0 on: of two that apply, the lower one decides
 */
record NumberedRule(int index, TopicRule rule, Decision decision) {
  NumberedRule(int index, TopicRule rule, boolean isOwn) {
    this(index, rule, new Decision(rule.effect(), rule, isOwn));
  }

  Effect effect() {
    return rule.effect();
  }
}
