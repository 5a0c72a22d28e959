package io.vmqtt.store.delivery;

import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.Session;
import io.vmqtt.store.session.SessionHeader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is under way to one attached session.
 *
 * <p>{@code pending} is the run of entries that come next, without gaps; where it does not reach
 * the newest entry ({@code tailInMemory} is false) the rest is read from disk when its turn comes.
 */
final class Window {
  private static final int MAX_PENDING = 64;
  private static final int MAX_PENDING_BYTES = 256 << 10;

  /**
   * With so many bytes unacknowledged the rest waits in the queue: at a gateway it is in memory.
   */
  private static final long MAX_UNACKNOWLEDGED_BYTES = 1 << 20;

  final Session session;

  /**
   * The attachment that it pushes to. The session's own header may be ahead: a log entry is applied
   * as a whole before its changes are told one by one.
   */
  final SessionHeader attachment;

  final Outlet outlet;

  /** Which change of the outlet this is. */
  final int number;

  /**
   * What may have been pushed to its connection before, by this leader or another, and may still
   * arrive there: only the gateway knows whether its delivery has begun, and asks for expiry.
   */
  private final long pushedBefore;

  /** Every entry up to here was pushed, or found expired. */
  long pushedThrough;

  /** What the gateway has, or was pushed last. */
  private long sentThrough;

  /** How many pushed entries are not acknowledged. */
  private int unacknowledged;

  private long unacknowledgedBytes;

  /** Bytes of the entries that were pushed from here and are not acknowledged. */
  private @Nullable Map<Long, Integer> bytesPushed;

  boolean ready;

  /** Entries that were not pushed because they had expired, until they have left the queue. */
  private Set<Long> passedOver;

  private final Deque<QueueReader.Entry> pending = new ArrayDeque<>(1);
  private long lastAsked;
  private boolean tailInMemory;
  private int pendingBytes;

  /** For a connection that is new. */
  Window(Session session, Outlet outlet) {
    this(session, outlet, 0, 0, 0, Set.of());
  }

  /** For a connection that had another path of its deliveries, or may have had. */
  Window(Session session, Outlet outlet, long receivedThrough, int number, Set<Long> passedOver) {
    this(session, outlet, receivedThrough, number, session.begunThrough(), passedOver);
  }

  private Window(
      Session session,
      Outlet outlet,
      long receivedThrough,
      int number,
      long pushedBefore,
      Set<Long> passedOver) {
    this.number = number;
    this.passedOver = passedOver;
    this.session = session;
    this.attachment = session.header();
    this.outlet = outlet;
    this.pushedBefore = pushedBefore;
    pushedThrough = receivedThrough;
    sentThrough = receivedThrough;
    unacknowledged = session.backlog().countThrough(receivedThrough);
    for (long sequence : passedOver) {
      boolean counted = sequence <= receivedThrough && session.backlog().contains(sequence);
      unacknowledged -= counted ? 1 : 0;
    }
    tailInMemory = session.backlog().after(receivedThrough) == 0;
  }

  boolean isOpen() {
    return unacknowledged < attachment.receiveMaximum()
        && unacknowledgedBytes < MAX_UNACKNOWLEDGED_BYTES
        && passedOver.size() < Session.MAX_PASSED_OVER;
  }

  /** Whether nothing waits for its turn, and half of the window is open. */
  boolean hasRoom() {
    return isIdle()
        && 2L * unacknowledged <= attachment.receiveMaximum()
        && 2 * unacknowledgedBytes <= MAX_UNACKNOWLEDGED_BYTES
        && passedOver.isEmpty();
  }

  /** Whether the delivery of an entry may have begun on an earlier connection. */
  boolean hasBegun(long sequence) {
    return sequence <= attachment.sentThrough();
  }

  /** Whether it is not for the shard to say that an entry has expired. */
  boolean mayHaveBegun(long sequence) {
    return sequence <= pushedBefore || hasBegun(sequence);
  }

  /** Whether a packet id is to be asked for now: it was not before, and there is a free one. */
  boolean asksFor(long sequence) {
    boolean ask = lastAsked != sequence && session.packetIds().free(sequence) != 0;
    if (ask) {
      lastAsked = sequence;
    }
    return ask;
  }

  /** Whether nothing waits for its turn. */
  boolean isIdle() {
    return tailInMemory && pending.isEmpty();
  }

  /** A new entry is at the end of the queue; it may have been read from disk already. */
  void queued(Change.Queued entry) {
    if (!tailInMemory || entry.sequence() <= newest()) {
      return;
    }
    int bytes = entry.publication().bytes();
    boolean fits = pending.size() < MAX_PENDING && pendingBytes + bytes <= MAX_PENDING_BYTES;
    if (!fits && !goesAtOnce()) {
      tailInMemory = false;
      return;
    }
    pendingBytes += bytes;
    pending.addLast(new QueueReader.Entry(entry.sequence(), entry.publication(), entry.delivery()));
  }

  private boolean goesAtOnce() {
    return pending.isEmpty() && isOpen() && !outlet.congested();
  }

  private long newest() {
    QueueReader.Entry last = pending.peekLast();
    return last == null ? pushedThrough : last.sequence();
  }

  /** The next entry to push, or null. It stays the next one until it is passed. */
  QueueReader.@Nullable Entry next(QueueReader reader, DeliveryCounts counts) {
    while (true) {
      QueueReader.Entry entry = pending.peekFirst();
      if (entry == null) {
        if (tailInMemory) {
          return null;
        }
        fill(reader, counts);
        if (pending.isEmpty()) {
          return null;
        }
      } else if (session.backlog().contains(entry.sequence())) {
        return entry;
      } else {
        drop();
      }
    }
  }

  /** Passes the entry that {@link #next} gave; it is pushed. */
  void advancePushed() {
    QueueReader.Entry entry = pending.peekFirst();
    advance();
    unacknowledged++;
    if (entry != null && entry.bytes() > 0) {
      if (bytesPushed == null) {
        bytesPushed = new HashMap<>();
      }
      bytesPushed.put(entry.sequence(), entry.bytes());
      unacknowledgedBytes += entry.bytes();
    }
  }

  private void advance() {
    QueueReader.Entry entry = drop();
    if (entry != null) {
      pushedThrough = entry.sequence();
    }
  }

  /** An entry is pushed; returns how many sequences before it never will be. */
  long skippedBefore(long sequence) {
    long skipped = sequence - sentThrough - 1;
    sentThrough = sequence;
    return skipped;
  }

  /** Passes the entry that {@link #next} gave; it will be removed without an acknowledgement. */
  void passExpired() {
    advance();
    if (passedOver.isEmpty()) {
      passedOver = new HashSet<>();
    }
    passedOver.add(pushedThrough);
  }

  /** Entries that were not pushed because they had expired, and are in the queue still. */
  Set<Long> passedOver() {
    return passedOver;
  }

  /** An entry has left the queue; returns whether that made room in the window. */
  boolean removed(long sequence) {
    if (!passedOver.isEmpty() && passedOver.remove(sequence)) {
      return true;
    }
    if (sequence > pushedThrough) {
      return false;
    }
    unacknowledged--;
    Integer bytes = bytesPushed == null ? null : bytesPushed.remove(sequence);
    unacknowledgedBytes -= bytes == null ? 0 : bytes;
    return true;
  }

  private QueueReader.@Nullable Entry drop() {
    QueueReader.Entry entry = pending.pollFirst();
    pendingBytes -= entry == null ? 0 : entry.bytes();
    return entry;
  }

  private void fill(QueueReader reader, DeliveryCounts counts) {
    long from = session.backlog().after(pushedThrough);
    if (from == 0) {
      tailInMemory = true;
      return;
    }
    List<QueueReader.Entry> read =
        reader.read(session.number(), from, MAX_PENDING, MAX_PENDING_BYTES);
    counts.readFromDisk.add(read.size());
    for (QueueReader.Entry entry : read) {
      pending.addLast(entry);
      pendingBytes += entry.bytes();
    }
    tailInMemory = session.backlog().after(newest()) == 0;
  }
}
