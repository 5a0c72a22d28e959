package io.vmqtt.gateway.access.rules;

import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.TopicRule;
import org.jspecify.annotations.Nullable;

/**
 * What the rules say of something.
 *
 * @param rule the one that decides; null: none does, but the default
 */
public record Decision(Effect effect, @Nullable TopicRule rule) {
  public boolean isAllowed() {
    return effect == Effect.ALLOW;
  }
}
