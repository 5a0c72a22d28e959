package io.vmqtt.testkit.history;

/**
 * A message that can be told from all others of its history.
 *
 * @param publisher who sent it; without colons
 * @param topic where to; without colons
 * @param qos at which it was sent
 * @param sequence grows by one with each message of the publisher to the topic at this QoS
 */
public record SentMessage(String publisher, String topic, int qos, long sequence) {
  private static final int PARTS = 4;

  /** What identifies the message when it arrives: its payload. */
  public String payload() {
    return publisher + ':' + topic + ':' + qos + ':' + sequence;
  }

  /**
   * The message that has this payload.
   *
   * @throws IllegalArgumentException if it is none that {@link #payload} has made
   */
  public static SentMessage ofPayload(String payload) {
    String[] parts = payload.split(":", -1);
    if (parts.length != PARTS) {
      throw new IllegalArgumentException("not a message of a history: " + payload);
    }
    return new SentMessage(
        parts[0], parts[1], Integer.parseInt(parts[2]), Long.parseLong(parts[3]));
  }
}
