package io.vmqtt.store.shard;

import io.vmqtt.store.leading.Pending;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Commands that wait for a log entry. Confined to the shard's thread; links are held back while it
 * is {@linkplain #isFull full}.
 *
 * <p>While an entry is under way only a well-filled one follows it: each costs a write to disk and
 * several hand-overs between threads, and commands that come meanwhile may as well share the next.
 */
final class CommandQueue {
  /** An entry with this fraction of the most commands or bytes it may have is worth its cost. */
  private static final int WELL_FILLED_FRACTION = 8;

  /** So many entries' worth of bytes may wait. */
  private static final int WAITING_ENTRIES = 16;

  private final Deque<Pending> commands = new ArrayDeque<>();
  private final EntryBounds bounds;
  private long waitingBytes;

  /** How many of the commands something waits for. */
  private int hurried;

  CommandQueue(EntryBounds bounds) {
    this.bounds = bounds;
  }

  void add(Pending command) {
    commands.addLast(command);
    hurried += command.canWait() ? 0 : 1;
    waitingBytes += command.logged().getSerializedSize();
  }

  boolean isEmpty() {
    return commands.isEmpty();
  }

  boolean isFull() {
    return commands.size() >= bounds.pending()
        || waitingBytes >= (long) WAITING_ENTRIES * bounds.bytes();
  }

  /** Whether an entry should go into the log now, with so many on their way. */
  boolean isDue(int entriesInFlight, EntryPause pause) {
    if (commands.isEmpty()) {
      return false;
    }
    if (isWellFilled()) {
      return entriesInFlight < bounds.inFlight();
    }
    return entriesInFlight == 0 && !pause.isOn(hurried == 0);
  }

  private boolean isWellFilled() {
    return isFull()
        || commands.size() >= bounds.commands() / WELL_FILLED_FRACTION
        || waitingBytes >= bounds.bytes() / WELL_FILLED_FRACTION;
  }

  /** Takes the commands of one entry, within its bounds; one too large for them goes alone. */
  List<Pending> next() {
    List<Pending> entry = new ArrayList<>(Math.min(commands.size(), bounds.commands()));
    int bytes = 0;
    while (entry.size() < bounds.commands() && !commands.isEmpty()) {
      bytes += commands.getFirst().logged().getSerializedSize();
      if (!entry.isEmpty() && bytes > bounds.bytes()) {
        break;
      }
      entry.add(commands.removeFirst());
    }
    for (Pending taken : entry) {
      waitingBytes -= taken.logged().getSerializedSize();
      hurried -= taken.canWait() ? 0 : 1;
    }
    return entry;
  }

  /** Takes everything. */
  List<Pending> abandon() {
    List<Pending> all = List.copyOf(commands);
    commands.clear();
    waitingBytes = 0;
    hurried = 0;
    return all;
  }
}
