package io.vmqtt.gateway.local;

import io.vmqtt.model.Delivery;
import io.vmqtt.model.TopicFilter;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that gets a message.
 *
 * @param subscriber who
 * @param delivery how
 * @param share the share group that it gets the message for; null: for itself
 */
public record Recipient(Subscriber subscriber, Delivery delivery, @Nullable TopicFilter share) {

  /** One copy for overlapping subscriptions. */
  Recipient merge(Recipient other) {
    return new Recipient(subscriber, delivery.merge(other.delivery), null);
  }
}
