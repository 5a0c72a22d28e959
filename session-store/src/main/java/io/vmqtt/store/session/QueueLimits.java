package io.vmqtt.store.session;

/**
 * Bounds of a session's queue and what happens there.
 *
 * @param maxMessages how many messages
 * @param maxBytes how many bytes of messages
 * @param overflow what happens to a message beyond a bound
 * @param keyRetentionMillis how long the key of a QoS 2 publish is remembered if its producer falls
 *     silent
 */
public record QueueLimits(
    int maxMessages, long maxBytes, Overflow overflow, long keyRetentionMillis) {

  /** What happens to a message beyond a bound. */
  public enum Overflow {
    /** The publish is refused with 0x97, for all its receivers. */
    REJECT_NEW,
    /** The oldest messages of the session give way; counted. */
    DROP_OLDEST
  }
}
