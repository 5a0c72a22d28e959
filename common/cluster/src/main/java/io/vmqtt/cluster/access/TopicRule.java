package io.vmqtt.cluster.access;

import io.vmqtt.model.Qos;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A line of the rules: whether some clients may do something with some topics.
 *
 * @param line where it begins in the file, from 1 on
 * @param actions at least one
 * @param topics at least one
 * @param who which clients it is for
 * @param qos of the publish, or what a subscription asks for; at least one
 * @param retain only publishes with, or without, that flag; null: either. For publishes alone
 * @param shareGroups only subscriptions that are shared in one of these, and none that is not
 *     shared; null: any. For subscriptions alone
 */
public record TopicRule(
    int line,
    Effect effect,
    Set<TopicAction> actions,
    List<TopicTemplate> topics,
    Who who,
    Set<Qos> qos,
    @Nullable Boolean retain,
    @Nullable List<NamePattern> shareGroups) {
  public static final Set<Qos> EVERY_QOS = Set.copyOf(EnumSet.allOf(Qos.class));

  public TopicRule {
    actions = Set.copyOf(actions);
    topics = List.copyOf(topics);
    qos = Set.copyOf(qos);
    shareGroups = shareGroups == null ? null : List.copyOf(shareGroups);
    require(!actions.isEmpty(), "a rule needs something to allow or deny");
    require(!topics.isEmpty(), "a rule needs topics");
    require(!qos.isEmpty(), "qos: at least one of 0, 1, 2 is needed");
    require(
        retain == null || actions.equals(Set.of(TopicAction.PUBLISH)),
        "retain is for rules about publish alone");
    require(
        shareGroups == null || actions.equals(Set.of(TopicAction.SUBSCRIBE)),
        "share-groups is for rules about subscribe alone");
    require(shareGroups == null || !shareGroups.isEmpty(), "share-groups: at least one is needed");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
