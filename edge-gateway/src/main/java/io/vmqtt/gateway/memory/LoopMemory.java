package io.vmqtt.gateway.memory;

import java.util.IdentityHashMap;

/** The part of {@link ClientMemory} that one event loop counts. Confined to the loop. */
public final class LoopMemory {
  private final ClientMemory all;
  private final int loop;
  private final IdentityHashMap<Object, Integer> shared = new IdentityHashMap<>();
  private long bytes;

  LoopMemory(ClientMemory all, int loop) {
    this.all = all;
    this.loop = loop;
  }

  /** So much more waits; less, if negative. */
  public void add(long more) {
    bytes += more;
  }

  /** Something waits for one more client; it is in memory once, and counted once. */
  public void keep(Object what, int itsBytes) {
    if (shared.merge(what, 1, Integer::sum) == 1) {
      bytes += itsBytes;
    }
  }

  /** What was kept waits for one client less. */
  public void letGo(Object what, int itsBytes) {
    if (shared.merge(what, -1, LoopMemory::less) == null) {
      bytes -= itsBytes;
    }
  }

  @SuppressWarnings("NullAway") // null takes the entry out of the map
  private static Integer less(Integer count, Integer one) {
    return count + one == 0 ? null : count + one;
  }

  /** Tells the other threads how much waits here. */
  public void tell() {
    if (bytes != all.told(loop)) {
      all.tell(loop, bytes);
    }
  }

  /** How much waits here. */
  public long bytes() {
    return bytes;
  }

  /** Whether what can wait elsewhere should, as far as this loop is to blame. */
  public boolean isTight() {
    return exceeds(2);
  }

  /** Whether some clients have to go, and those of this loop are among them. */
  public boolean isFull() {
    return exceeds(1);
  }

  private boolean exceeds(int fraction) {
    return bytes > all.partBytes() / fraction
        && all.usedBytes() - all.told(loop) + bytes > all.maxBytes() / fraction;
  }
}
