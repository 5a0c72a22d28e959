package io.vmqtt.gateway.connection;

import io.vmqtt.model.TopicName;
import io.vmqtt.model.Utf8String;

/**
 * Bounds of topics and subscriptions, the same for all sessions. What is beyond them is valid MQTT,
 * so it is refused and not punished, where MQTT has a code for that.
 *
 * @param maxLevels levels of a topic name or filter
 * @param maxBytes of a topic name or filter, in UTF-8
 * @param maxFilters topic filters in a SUBSCRIBE
 * @param maxSubscriptions of a session
 */
public record TopicLimits(int maxLevels, int maxBytes, int maxFilters, int maxSubscriptions) {
  public static final TopicLimits DEFAULT =
      new TopicLimits(200, Utf8String.MAX_BYTES, 20_000, 20_000);

  private static final int MAX_UTF8_BYTES_PER_CHAR = 3;

  /** Whether a valid topic name or filter is within the bounds. */
  boolean allow(String topic) {
    return TopicName.levelCount(topic) <= maxLevels
        && (topic.length() <= maxBytes / MAX_UTF8_BYTES_PER_CHAR
            || Utf8String.byteLength(topic) <= maxBytes);
  }
}
