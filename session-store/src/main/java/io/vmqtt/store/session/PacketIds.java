package io.vmqtt.store.session;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Which packet id each delivery of a session has, from its first sending to its last
 * acknowledgement, whoever leads the shard and whichever gateway has the connection.
 *
 * <p>A delivery has the id that follows from its sequence, without a word in the log, unless an
 * older entry of the queue has that one still: then the log allots it another, before it is sent,
 * and the queue's record keeps it. So one delivery that is never acknowledged costs one command for
 * each round of all ids, and holds nobody up.
 *
 * <p>Why everybody comes to the same id: an id is in use for a delivery if an entry <em>before</em>
 * it has it. Entries join a queue at its end and are sent in order, so the entries before one only
 * become fewer. What was free when a delivery was first sent is therefore free whenever it is asked
 * again; and where the log finds an id in use, the delivery has not been sent yet. An entry that is
 * still in the queue counts even if it was never sent, or its acknowledgement is under way: that
 * errs on the safe side.
 */
public final class PacketIds {
  /** How many ids there are; the lowest is 1. */
  private static final int COUNT = 65_535;

  private final Backlog backlog;
  private final int count;
  private Map<Long, Integer> allotted = Map.of();

  PacketIds(Backlog backlog) {
    this(backlog, COUNT);
  }

  PacketIds(Backlog backlog, int count) {
    this.backlog = backlog;
    this.count = count;
  }

  /** The packet id of an entry of the queue; 0: its own is in use, it needs one from the log. */
  public int of(long sequence) {
    int given = allotted(sequence);
    return given != 0 || isInUse(sequence) ? given : natural(sequence);
  }

  /** What the log has allotted to an entry; 0: nothing. */
  public int allotted(long sequence) {
    return allotted.getOrDefault(sequence, 0);
  }

  /**
   * An id that no entry before this one has; 0: all are in use. Of those that are free it is the
   * one whose turn comes last.
   */
  public int free(long sequence) {
    BitSet used = new BitSet();
    for (long entry = backlog.first();
        entry != 0 && entry < sequence;
        entry = backlog.after(entry)) {
      int given = allotted(entry);
      used.set(given == 0 ? natural(entry) : given);
    }
    for (long last = sequence - 1; last > sequence - count; last--) {
      int id = natural(last);
      if (!used.get(id)) {
        return id;
      }
    }
    return 0;
  }

  void allot(long sequence, int packetId) {
    if (allotted.isEmpty()) {
      allotted = new HashMap<>();
    }
    allotted.put(sequence, packetId);
  }

  /** An entry has left the queue. */
  void left(long sequence) {
    if (!allotted.isEmpty() && allotted.remove(sequence) != null && allotted.isEmpty()) {
      allotted = Map.of();
    }
  }

  private int natural(long sequence) {
    return (int) Math.floorMod(sequence, (long) count) + 1;
  }

  private boolean isInUse(long sequence) {
    int id = natural(sequence);
    for (Map.Entry<Long, Integer> other : allotted.entrySet()) {
      if (other.getValue() == id && other.getKey() < sequence) {
        return true;
      }
    }
    for (long entry = backlog.first();
        entry != 0 && entry <= sequence - count;
        entry = backlog.after(entry)) {
      if (natural(entry) == id && allotted(entry) == 0) {
        return true;
      }
    }
    return false;
  }
}
