package io.vmqtt.gateway.local;

import io.vmqtt.model.TopicFilter;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that gets a message.
 *
 * @param subscriber who
 * @param qos at most the publisher's and the subscription's
 * @param retain RETAIN flag to show
 * @param identifiers subscription identifiers to show
 * @param share the share group that it gets the message for; null: for itself
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, never compared: spares a copy
public record Recipient(
    Subscriber subscriber,
    int qos,
    boolean retain,
    int[] identifiers,
    @Nullable TopicFilter share) {

  /**
   * One delivery for overlapping subscriptions: highest QoS, all identifiers [MQTT-3.3.4-2, -3].
   */
  Recipient merge(Recipient other) {
    int[] all = new int[identifiers.length + other.identifiers.length];
    System.arraycopy(identifiers, 0, all, 0, identifiers.length);
    System.arraycopy(other.identifiers, 0, all, identifiers.length, other.identifiers.length);
    return new Recipient(subscriber, Math.max(qos, other.qos), retain || other.retain, all, null);
  }
}
