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
    /**
     * Routers refuse the publish with 0x97 before anybody has it; what was on its way to the shard
     * when the queue became full is taken, up to twice the bounds.
     */
    REJECT_NEW,
    /** The oldest messages of the session give way; counted. */
    DROP_OLDEST
  }

  /** Whether routers have to know which queues are full. */
  boolean refusesBefore() {
    return switch (overflow) {
      case REJECT_NEW -> true;
      case DROP_OLDEST -> false;
    };
  }

  /** Whether a queue takes one more message; one that is empty takes any. */
  boolean takes(int messages, long bytes, int newBytes) {
    int times =
        switch (overflow) {
          case REJECT_NEW -> 2;
          case DROP_OLDEST -> 1;
        };
    return messages < (long) times * maxMessages
        && (messages == 0 || bytes + newBytes <= times * maxBytes);
  }

  /**
   * Whether a queue is full.
   *
   * @param already one that is stays so until it has an eighth of its bounds free
   */
  boolean isFull(int messages, long bytes, boolean already) {
    return already
        ? messages > maxMessages / 8 * 7 || bytes > maxBytes / 8 * 7
        : messages >= maxMessages || bytes >= maxBytes;
  }
}
