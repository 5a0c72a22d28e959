package io.vmqtt.gateway.access.rules;

import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.TopicAction;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicTemplate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the rules say of something.
 *
 * @param rule the one that decides; null: none does, but the default
 * @param isOwn whether that is one of the client's own
 */
public record Decision(Effect effect, @Nullable TopicRule rule, boolean isOwn) {
  public boolean isAllowed() {
    return effect == Effect.ALLOW;
  }

  /** The rule as people find it, and what it says, in one line; that there is none, too. */
  public String text() {
    if (rule == null) {
      return "none is about it";
    }
    return (isOwn ? "rule " + rule.line() + " of its own: " : "line " + rule.line() + ": ")
        + rule.effect().label()
        + ' '
        + rule.actions().stream()
            .sorted()
            .map(TopicAction::label)
            .collect(Collectors.joining(" and "))
        + ' '
        + rule.topics().stream().map(TopicTemplate::text).collect(Collectors.joining(", "));
  }
}
