package io.vmqtt.gateway.access.rules;

import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.TopicRule;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One question to the rules: which one decides, of those that are about it. Goes down the tree by
 * the levels of a topic, and not where nothing lower than what it has found can be.
 */
final class RuleSearch {
  private static final String ANY = "+";
  private static final String REST = "#";
  private static final String SYSTEM = "$";

  private final String[] levels;
  private final Subject subject;
  private final Predicate<TopicRule> conditions;
  private int best = RuleNode.NONE;
  private @Nullable NumberedRule found;

  /**
   * @param topic a topic name, or a filter without share group
   * @param conditions beside topic and client
   */
  RuleSearch(String topic, Subject subject, Predicate<TopicRule> conditions) {
    this.levels = spelledOut(topic).split("/", -1);
    this.subject = subject;
    this.conditions = conditions;
  }

  /** {@code #} matches its parent level too, but no topic is empty: these are the same. */
  private static String spelledOut(String topic) {
    return switch (topic) {
      case "#" -> "+/#";
      case "/#" -> "/+/#";
      default -> topic;
    };
  }

  /** What decides; null: nothing that was looked at. */
  @Nullable NumberedRule found() {
    return found;
  }

  // --- a topic name ---

  /** Looks for rules whose filter matches the topic. */
  void match(RuleNode root) {
    match(root, 0);
  }

  private void match(RuleNode node, int at) {
    subject.step();
    if (node.first() >= best) {
      return;
    }
    if (at == levels.length) {
      consider(node.ending(), null);
      consider(node.rest(), null);
      return;
    }
    boolean wildcards = at > 0 || !levels[0].startsWith(SYSTEM);
    if (wildcards) {
      consider(node.rest(), null);
    }
    same(node, at, this::match);
    if (wildcards) {
      step(node.any(), at, this::match);
    }
  }

  // --- a topic filter ---

  /**
   * Looks for rules that decide about a subscription: those that allow all that it can match, and
   * those that deny some of it.
   */
  void matchFilter(RuleNode root) {
    cover(root, 0);
    overlap(root, 0);
  }

  /** Rules that allow whatever the filter matches, the part before {@code at} being covered. */
  private void cover(RuleNode node, int at) {
    subject.step();
    if (node.first() >= best) {
      return;
    }
    if (at == levels.length) {
      consider(node.ending(), Effect.ALLOW);
      consider(node.rest(), Effect.ALLOW);
      return;
    }
    boolean wildcards = at > 0 || !levels[0].startsWith(SYSTEM);
    if (wildcards) {
      consider(node.rest(), Effect.ALLOW);
    }
    if (levels[at].equals(REST)) {
      return;
    }
    if (wildcards) {
      step(node.any(), at, this::cover);
    }
    if (!levels[at].equals(ANY)) {
      same(node, at, this::cover);
    }
  }

  /** Rules that deny something that the filter matches, the part before {@code at} in common. */
  private void overlap(RuleNode node, int at) {
    subject.step();
    if (node.firstDenial() >= best) {
      return;
    }
    if (at == levels.length) {
      consider(node.ending(), Effect.DENY);
      consider(node.rest(), Effect.DENY);
      return;
    }
    boolean wildcards = at > 0 || !levels[0].startsWith(SYSTEM);
    if (wildcards) {
      consider(node.rest(), Effect.DENY);
      step(node.any(), at, this::overlap);
    }
    switch (levels[at]) {
      case REST -> overlapAll(node, at);
      case ANY -> every(node, at, this::overlap);
      default -> same(node, at, this::overlap);
    }
  }

  /** The filter ends with {@code #} here: it has topics in common with all that is at or below. */
  private void overlapAll(RuleNode node, int at) {
    subject.step();
    if (node.firstDenial() >= best) {
      return;
    }
    consider(node.ending(), Effect.DENY);
    consider(node.rest(), Effect.DENY);
    step(node.any(), at, this::overlapAll);
    every(node, at, this::overlapAll);
  }

  // --- both ---

  /** A step down the tree. */
  private interface Step {
    void to(RuleNode node, int at);
  }

  private static void step(@Nullable RuleNode below, int at, Step step) {
    if (below != null) {
      step.to(below, at + 1);
    }
  }

  /** To what is below the same level. */
  private void same(RuleNode node, int at, Step step) {
    step(node.fixed(levels[at]), at, step);
    for (RuleNode.Filled one : node.filled()) {
      if (levels[at].equals(subject.fill(one.level(), at == 0))) {
        step(one.below(), at, step);
      }
    }
  }

  /** To what is below each level that {@code +} matches. */
  private void every(RuleNode node, int at, Step step) {
    for (Map.Entry<String, RuleNode> one : node.fixed().entrySet()) {
      if (at > 0 || !one.getKey().startsWith(SYSTEM)) {
        step(one.getValue(), at, step);
      }
    }
    for (RuleNode.Filled one : node.filled()) {
      String level = subject.fill(one.level(), at == 0);
      if (level != null && (at > 0 || !level.startsWith(SYSTEM))) {
        step(one.below(), at, step);
      }
    }
  }

  /**
   * Takes the first of these that applies, if it comes before what was found.
   *
   * @param effect the only one that counts; null: both do
   */
  private void consider(List<NumberedRule> rules, @Nullable Effect effect) {
    for (NumberedRule one : rules) {
      if (one.index() >= best) {
        return;
      }
      subject.step();
      if ((effect == null || one.effect() == effect)
          && conditions.test(one.rule())
          && subject.isAmong(one.rule().who())) {
        best = one.index();
        found = one;
        return;
      }
    }
  }
}
