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

  /** Of more topics than take so many characters, the first are enough to find the rule. */
  private static final int MANY_CHARACTERS = 256;

  /** The rule as people find it, and what it says, in one line; that there is none, too. */
  public String text() {
    if (rule == null) {
      return "none is about it";
    }
    StringBuilder text =
        new StringBuilder(isOwn ? "rule " : "line ")
            .append(rule.line())
            .append(isOwn ? " of its own: " : ": ")
            .append(rule.effect().label())
            .append(' ')
            .append(
                rule.actions().stream()
                    .sorted()
                    .map(TopicAction::label)
                    .collect(Collectors.joining(" and ")));
    String before = " ";
    for (TopicTemplate topic : rule.topics()) {
      if (text.length() > MANY_CHARACTERS) {
        break;
      }
      text.append(before).append(topic.text());
      before = ", ";
    }
    return text.toString();
  }
}
