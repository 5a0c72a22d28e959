package io.vmqtt.gateway.access.rules;

import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.NamePattern;
import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.cluster.access.TopicAction;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.ReadyRules;
import io.vmqtt.model.Qos;
import io.vmqtt.model.Subscription;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Rules, made ready to be asked: trees of their topics, so that an answer takes as long as a topic
 * has levels, however many rules there are. A rule for a few users or client ids is in trees of
 * their own: who asks goes through that of all, and through his. Never changed.
 */
public final class CompiledRules implements ReadyRules {
  /** A rule for more of them is in the tree of all. */
  private static final int FEW = 8;

  private final Decision otherwise;
  private final Map<TopicAction, Trees> trees;

  /** Whether others are asked where none of these is about it. */
  private final boolean passesOn;

  private final @Nullable CompiledRules then;

  /** Who may be asked for. */
  private record Trees(
      RuleNode all, Map<String, RuleNode> byUser, Map<String, RuleNode> byClientId) {
    Trees() {
      this(new RuleNode(), new HashMap<>(), new HashMap<>());
    }

    /**
     * @param ofOne one client alone asks: what is for it and what is for others need no trees apart
     */
    void add(NumberedRule rule, boolean ofOne) {
      for (RuleNode root : ofOne ? List.of(all) : roots(rule.rule())) {
        rule.rule().topics().forEach(topic -> root.add(topic, rule));
      }
    }

    private List<RuleNode> roots(TopicRule rule) {
      List<RuleNode> roots = new ArrayList<>(1);
      List<NamePattern> clientIds = rule.who().clientIds();
      if (isFew(rule.who().users().size())) {
        rule.who().users().forEach(user -> roots.add(root(byUser, user)));
      } else if (isFew(clientIds.size()) && clientIds.stream().allMatch(NamePattern::isExact)) {
        clientIds.forEach(clientId -> roots.add(root(byClientId, clientId.text())));
      } else {
        roots.add(all);
      }
      return roots;
    }

    private static boolean isFew(int names) {
      return names > 0 && names <= FEW;
    }

    private static RuleNode root(Map<String, RuleNode> roots, String name) {
      return roots.computeIfAbsent(name, _ -> new RuleNode());
    }

    int nodes() {
      int nodes = all.nodes();
      for (RuleNode root : byUser.values()) {
        nodes += root.nodes();
      }
      for (RuleNode root : byClientId.values()) {
        nodes += root.nodes();
      }
      return nodes;
    }

    List<RuleNode> of(Identity who) {
      List<RuleNode> roots = new ArrayList<>(3);
      roots.add(all);
      addIfThere(roots, who.userName() == null ? null : byUser.get(who.userName()));
      addIfThere(roots, byClientId.get(who.clientId()));
      return roots;
    }

    private static void addIfThere(List<RuleNode> roots, @Nullable RuleNode root) {
      if (root != null) {
        roots.add(root);
      }
    }
  }

  /** Compiles rules. */
  public CompiledRules(TopicRules rules) {
    this(rules.rules(), rules.otherwise(), false, false);
  }

  /**
   * Compiles those of one client, where there are no rules of all: what they do not allow is
   * denied.
   */
  public CompiledRules(OwnRules own) {
    this(
        own.rules(),
        own.otherwise() == null ? Effect.DENY : own.otherwise(),
        true,
        own.otherwise() == null);
  }

  private CompiledRules(List<TopicRule> rules, Effect otherwise, boolean areOwn, boolean passesOn) {
    this(new Decision(otherwise, null, areOwn), new EnumMap<>(TopicAction.class), passesOn, null);
    for (TopicAction action : TopicAction.values()) {
      trees.put(action, new Trees());
    }
    int index = 0;
    for (TopicRule rule : rules) {
      NumberedRule numbered = new NumberedRule(index++, rule, areOwn);
      rule.actions().forEach(action -> treesOf(action).add(numbered, areOwn));
    }
  }

  /**
   * @param then what is asked where none of the rules is about it; null: the default decides
   */
  private CompiledRules(
      Decision otherwise,
      Map<TopicAction, Trees> trees,
      boolean passesOn,
      @Nullable CompiledRules then) {
    this.otherwise = otherwise;
    this.trees = trees;
    this.passesOn = passesOn;
    this.then = then;
  }

  /**
   * These, of one client, before those of all, as if they stood above them. Nothing is compiled
   * anew.
   *
   * @param all null: there are none
   */
  public CompiledRules before(@Nullable CompiledRules all) {
    return passesOn && all != null ? new CompiledRules(otherwise, trees, true, all) : this;
  }

  /** How many nodes their trees have together. */
  int nodes() {
    int nodes = 0;
    for (Trees own : trees.values()) {
      nodes += own.nodes();
    }
    return nodes;
  }

  private Trees treesOf(TopicAction action) {
    Trees own = trees.get(action);
    if (own == null) {
      throw new IllegalStateException("no trees for " + action);
    }
    return own;
  }

  /** The rules as they are for one client. */
  public ClientRules of(Identity who) {
    return new ClientRules(this, who);
  }

  Decision publish(Subject subject, String topic, Qos qos, boolean retain) {
    RuleSearch search =
        new RuleSearch(
            topic,
            subject,
            rule -> rule.qos().contains(qos) && (rule.retain() == null || rule.retain() == retain));
    treesOf(TopicAction.PUBLISH).of(subject.identity()).forEach(search::match);
    NumberedRule found = search.found();
    return found == null && then != null
        ? then.publish(subject, topic, qos, retain)
        : decision(found);
  }

  Decision subscribe(Subject subject, Subscription wanted) {
    Qos qos = wanted.options().maximumQos();
    String group = wanted.filter().shareGroup();
    Predicate<TopicRule> conditions =
        rule -> rule.qos().contains(qos) && isIn(group, rule.shareGroups());
    RuleSearch search = new RuleSearch(wanted.filter().filter(), subject, conditions);
    treesOf(TopicAction.SUBSCRIBE).of(subject.identity()).forEach(search::matchFilter);
    NumberedRule found = search.found();
    return found == null && then != null ? then.subscribe(subject, wanted) : decision(found);
  }

  /**
   * Whether some subscription that the client could make now would bring it messages of a topic.
   * What a rule denies for some qualities of service, or share groups, alone, another may bring.
   */
  boolean mayReceive(Subject subject, String topic) {
    RuleSearch search =
        new RuleSearch(
            topic,
            subject,
            rule ->
                rule.effect() == Effect.ALLOW
                    || (rule.shareGroups() == null && rule.qos().equals(TopicRule.EVERY_QOS)));
    treesOf(TopicAction.SUBSCRIBE).of(subject.identity()).forEach(search::match);
    NumberedRule found = search.found();
    if (found == null && then != null) {
      return then.mayReceive(subject, topic);
    }
    return decision(found).isAllowed();
  }

  private static boolean isIn(@Nullable String group, @Nullable List<NamePattern> groups) {
    return groups == null
        || (group != null && groups.stream().anyMatch(pattern -> pattern.matches(group)));
  }

  private Decision decision(@Nullable NumberedRule found) {
    return found == null ? otherwise : found.decision();
  }
}
