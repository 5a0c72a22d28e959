package io.vmqtt.gateway.config;

import io.netty.util.internal.PlatformDependent;

/**
 * How much a gateway holds in memory where the operator does not say: parts of what there is, such
 * that a small process works and a large one uses what it has. In {@code standalone} router and
 * store share the process, and their parts are beside these.
 */
final class MemoryDefaults {
  private static final long MOST_QUEUED_BYTES = 64 << 20;
  private static final long MOST_UNANSWERED_BYTES = 32 << 20;

  private MemoryDefaults() {}

  /** A quarter, of the heap or of the memory beside it for sockets: whichever is less. */
  static long clientMemoryBytes() {
    return Math.min(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory()) / 4;
  }

  /** Half of what may wait for all clients, for one transient session. */
  static long maxQueuedBytes(long clientMemoryBytes) {
    return Math.min(MOST_QUEUED_BYTES, clientMemoryBytes / 2);
  }

  /** A quarter of what may wait for all clients, for all event loops together. */
  static long maxUnansweredBytes(long clientMemoryBytes, int eventLoops) {
    int loops = eventLoops > 0 ? eventLoops : Runtime.getRuntime().availableProcessors();
    return Math.min(MOST_UNANSWERED_BYTES, clientMemoryBytes / 4 / loops);
  }
}
