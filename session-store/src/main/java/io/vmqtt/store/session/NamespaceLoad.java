package io.vmqtt.store.session;

import io.vmqtt.model.Namespace;

/**
 * What a shard keeps of one namespace. It follows from the sessions and their queues, is counted
 * along with them, and is written nowhere. Changed with the state; used on the shard's thread.
 */
public final class NamespaceLoad {
  private final Namespace namespace;
  private int sessions;
  private long queueBytes;

  NamespaceLoad(Namespace namespace) {
    this.namespace = namespace;
  }

  public Namespace namespace() {
    return namespace;
  }

  /** How many sessions there are. */
  public int sessions() {
    return sessions;
  }

  /** What the messages in their queues count for. */
  public long queueBytes() {
    return queueBytes;
  }

  /** So many sessions more; fewer, if negative. */
  void addSessions(int more) {
    sessions += more;
  }

  /** So many bytes more; fewer, if negative. */
  void addQueueBytes(long more) {
    queueBytes += more;
  }
}
