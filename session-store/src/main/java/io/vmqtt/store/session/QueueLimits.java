package io.vmqtt.store.session;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quotas;
import java.util.Map;

/**
 * Bounds of a session's queue, and of all queues of a namespace together, and what happens there.
 *
 * @param maxMessages how many messages
 * @param maxBytes how many bytes of messages
 * @param overflow what happens to a message beyond a bound
 * @param keyRetentionMillis how long the key of a QoS 2 publish is remembered if its producer falls
 *     silent
 * @param namespaceBytes by namespace: how many bytes of messages in all its queues; without a bound
 *     where absent
 */
public record QueueLimits(
    int maxMessages,
    long maxBytes,
    Overflow overflow,
    long keyRetentionMillis,
    Map<Namespace, Long> namespaceBytes) {

  public QueueLimits {
    namespaceBytes = Map.copyOf(namespaceBytes);
  }

  /** Namespaces have no bounds. */
  public QueueLimits(int maxMessages, long maxBytes, Overflow overflow, long keyRetentionMillis) {
    this(maxMessages, maxBytes, overflow, keyRetentionMillis, Map.of());
  }

  /** The same with other bounds of namespaces. */
  public QueueLimits with(Map<Namespace, Long> newNamespaceBytes) {
    return new QueueLimits(maxMessages, maxBytes, overflow, keyRetentionMillis, newNamespaceBytes);
  }

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
    return messages < (long) times() * maxMessages
        && (messages == 0 || bytes + newBytes <= times() * maxBytes);
  }

  /** How often a bound fits into what is taken where it is too late to refuse. */
  private int times() {
    return switch (overflow) {
      case REJECT_NEW -> 2;
      case DROP_OLDEST -> 1;
    };
  }

  /** Whether the queues of a namespace take so many bytes more. */
  boolean takes(NamespaceLoad load, long moreBytes) {
    if (namespaceBytes.isEmpty()) {
      return true;
    }
    long most = namespaceBytes.getOrDefault(load.namespace(), Quotas.UNLIMITED);
    return most == Quotas.UNLIMITED || load.queueBytes() + moreBytes <= times() * most;
  }

  /**
   * Whether the queues of a namespace are full.
   *
   * @param already as of {@link #isFull(int, long, boolean)}
   */
  public boolean isFull(NamespaceLoad load, boolean already) {
    if (namespaceBytes.isEmpty()) {
      return false;
    }
    long most = namespaceBytes.getOrDefault(load.namespace(), Quotas.UNLIMITED);
    return already ? load.queueBytes() > most / 8 * 7 : load.queueBytes() >= most;
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
