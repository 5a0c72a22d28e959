package io.vmqtt.cluster.access;

import java.util.List;

/**
 * What clients may publish and subscribe: the first rule that is about it decides.
 *
 * @param rules in their order
 * @param otherwise decides where no rule does
 */
public record TopicRules(List<TopicRule> rules, Effect otherwise) {
  public TopicRules {
    rules = List.copyOf(rules);
  }
}
