package io.vmqtt.router.publish;

/**
 * How much memory the publishes take that wait in a router, for whichever destinations, and how
 * much they may. One counts once, however many have yet to get it: its copies share what is large.
 * Confined to the router's thread.
 */
public final class MemoryForPublishes {
  private final long maxBytes;
  private long bytes;

  /** At most about so many bytes wait. */
  public MemoryForPublishes(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** True if no more may wait. */
  public boolean isFull() {
    return bytes >= maxBytes;
  }

  /** One more publish waits. */
  public void keep(int itsBytes) {
    bytes += itsBytes;
  }

  /** One that waited does no longer. */
  public void letGo(int itsBytes) {
    bytes -= itsBytes;
  }

  /** What all that wait take. */
  public long bytes() {
    return bytes;
  }
}
