package io.vmqtt.model;

import java.util.List;

/**
 * A client's wish for the messages of a filter. A session has at most one per {@link
 * TopicFilter#text()} [MQTT-3.8.4-3].
 *
 * @param filter what topics, and the share group
 * @param options how they are delivered
 * @param identifier the Subscription Identifier that deliveries carry, 1 to 268,435,455; 0 = none
 */
public record Subscription(TopicFilter filter, SubscriptionOptions options, int identifier) {

  /** The largest Subscription Identifier: the largest Variable Byte Integer. */
  public static final int MAX_IDENTIFIER = 268_435_455;

  /**
   * Checks the identifier.
   *
   * @throws IllegalArgumentException if the identifier is out of range
   */
  public Subscription {
    if (identifier < 0 || identifier > MAX_IDENTIFIER) {
      throw new IllegalArgumentException(
          "Subscription Identifier must be 0 to " + MAX_IDENTIFIER + " but is " + identifier);
    }
  }

  /** The same for another filter. */
  public Subscription with(TopicFilter other) {
    return new Subscription(other, options, identifier);
  }

  /** The quality of service that it gets a message with [MQTT-3.8.4-8]. */
  public Qos qosOf(Message message) {
    return message.qos().min(options.maximumQos());
  }

  /** The identifiers that its deliveries show: one or none. */
  public List<Integer> identifiers() {
    return identifier == 0 ? List.of() : List.of(identifier);
  }
}
