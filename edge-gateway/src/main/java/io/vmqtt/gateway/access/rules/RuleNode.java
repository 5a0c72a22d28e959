package io.vmqtt.gateway.access.rules;

import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.TopicTemplate;
import io.vmqtt.cluster.access.TopicTemplate.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A level in the tree of the topics of rules. Filled once, in the order of the rules, and then only
 * read, by any thread.
 */
final class RuleNode {
  /** {@code #} matches its parent level too, but no topic is empty: these two are the same. */
  private static final TopicTemplate BELOW_EMPTY = TopicTemplate.of("/#");

  private static final List<Level> BELOW_EMPTY_SPELLED_OUT = TopicTemplate.of("/+/#").levels();

  /** Beyond all indexes. */
  static final int NONE = Integer.MAX_VALUE;

  private final Map<String, RuleNode> fixed = new HashMap<>();
  private final List<Filled> filled = new ArrayList<>(0);
  private @Nullable RuleNode any;
  private final List<NumberedRule> ending = new ArrayList<>(0);
  private final List<NumberedRule> rest = new ArrayList<>(0);
  private int first = NONE;
  private int firstDenial = NONE;

  /** A level that is another for each client, and what is below it. */
  record Filled(Level.Filled level, RuleNode below) {}

  /** Adds a rule for a topic, at and below this node, which is the root. */
  void add(TopicTemplate topic, NumberedRule rule) {
    RuleNode at = this;
    at.noteBelow(rule);
    for (Level level : topic.equals(BELOW_EMPTY) ? BELOW_EMPTY_SPELLED_OUT : topic.levels()) {
      switch (level) {
        case Level.Rest _ -> {
          at.rest.add(rule);
          return;
        }
        case Level.Any _ -> at = at.anyChild();
        case Level.Fixed(String text) -> at = at.fixed.computeIfAbsent(text, _ -> new RuleNode());
        case Level.Filled own -> at = at.filledChild(own);
      }
      at.noteBelow(rule);
    }
    at.ending.add(rule);
  }

  private void noteBelow(NumberedRule rule) {
    first = Math.min(first, rule.index());
    if (rule.effect() == Effect.DENY) {
      firstDenial = Math.min(firstDenial, rule.index());
    }
  }

  private RuleNode anyChild() {
    RuleNode child = any;
    if (child == null) {
      child = new RuleNode();
      any = child;
    }
    return child;
  }

  private RuleNode filledChild(Level.Filled level) {
    for (Filled one : filled) {
      if (one.level().equals(level)) {
        return one.below();
      }
    }
    RuleNode child = new RuleNode();
    filled.add(new Filled(level, child));
    return child;
  }

  /** How many there are at and below this one. */
  int nodes() {
    int nodes = 1 + (any == null ? 0 : any.nodes());
    for (RuleNode below : fixed.values()) {
      nodes += below.nodes();
    }
    for (Filled one : filled) {
      nodes += one.below().nodes();
    }
    return nodes;
  }

  /** The lowest index at or below this node. */
  int first() {
    return first;
  }

  /** The lowest index of a rule that denies, at or below this node. */
  int firstDenial() {
    return firstDenial;
  }

  /** Those whose topic ends here, in their order. */
  List<NumberedRule> ending() {
    return ending;
  }

  /** Those whose topic ends with {@code #} behind here, in their order. */
  List<NumberedRule> rest() {
    return rest;
  }

  /** What is below {@code +}; null: nothing. */
  @Nullable RuleNode any() {
    return any;
  }

  /** What is below a level that is the same for everybody; null: nothing. */
  @Nullable RuleNode fixed(String level) {
    return fixed.get(level);
  }

  /** What is below such levels, by what they are. */
  Map<String, RuleNode> fixed() {
    return fixed;
  }

  /** What is below levels that are others for each client. */
  List<Filled> filled() {
    return filled;
  }
}
