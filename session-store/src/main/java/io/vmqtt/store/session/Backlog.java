package io.vmqtt.store.session;

import io.vmqtt.model.Namespace;
import java.util.Arrays;

/**
 * What a session's queue holds, without the messages: a sorted run of sequences with 20 bytes each.
 *
 * <p>Invariant: sequences between {@code head} and {@code tail} ascend strictly; an entry that was
 * removed from the middle stays as a gap ({@code bytes} negative) until the head passes it or there
 * are too many of them.
 */
public final class Backlog {
  private static final int GAP = -1;
  private static final int RECEIVED = Integer.MIN_VALUE;

  /** Beside the bytes, which are far fewer: it came by way of a share group. */
  private static final int SHARED = 1 << 30;

  private static final int MIN_CAPACITY = 8;

  /** Of a queue that never held anything, as most do: nothing is ever written there. */
  private static final long[] NO_LONGS = {};

  private static final int[] NO_INTS = {};

  private long[] sequences = NO_LONGS;
  private long[] bodies = NO_LONGS;
  private int[] bytes = NO_INTS;
  private final NamespaceLoad load;
  private int head;
  private int tail;
  private int size;
  private int shared;
  private long totalBytes;

  /** An empty queue, whose bytes count for no namespace. */
  Backlog() {
    this(new NamespaceLoad(Namespace.NAMELESS));
  }

  /** An empty queue, whose bytes count for {@code load} too. */
  Backlog(NamespaceLoad load) {
    this.load = load;
  }

  /** How many messages it holds, received ones included. */
  public int size() {
    return size;
  }

  /** How many bytes its messages have, received ones not counted. */
  public long totalBytes() {
    return totalBytes;
  }

  /** Whether any of its messages came by way of a share group; received ones do not count. */
  boolean hasShared() {
    return shared > 0;
  }

  /** Whether a message came by way of a share group, and the client does not have it. */
  public boolean isShared(long sequence) {
    int i = indexOf(sequence);
    return i >= 0 && isShared(bytes[i]);
  }

  /** Those of its messages that came by way of a share group. */
  Backlog shared() {
    Backlog shares = new Backlog();
    for (int i = head; i < tail; i++) {
      if (isShared(bytes[i])) {
        shares.add(sequences[i], bodies[i], bytes(bytes[i]), true);
      }
    }
    return shares;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** The lowest sequence, or 0. */
  public long first() {
    return size == 0 ? 0 : sequences[head];
  }

  /** The lowest sequence above {@code sequence}, or 0. */
  public long after(long sequence) {
    for (int i = firstIndexFrom(sequence + 1); i < tail; i++) {
      if (bytes[i] != GAP) {
        return sequences[i];
      }
    }
    return 0;
  }

  public boolean contains(long sequence) {
    return indexOf(sequence) >= 0;
  }

  /** Whether the client has it already: only its release is left. */
  public boolean isReceived(long sequence) {
    int i = indexOf(sequence);
    return i >= 0 && bytes[i] == RECEIVED;
  }

  /** How many messages have a sequence up to {@code sequence}. */
  public int countThrough(long sequence) {
    int count = 0;
    for (int i = head; i < tail && sequences[i] <= sequence; i++) {
      count += bytes[i] == GAP ? 0 : 1;
    }
    return count;
  }

  /** The sequence of the n-th message, or of the last if there are fewer; 0: there is none. */
  public long nth(int n) {
    int left = Math.min(n, size);
    int i = head - 1;
    if (tail - head == size) {
      i += left; // no gaps
    } else {
      while (left > 0) {
        left -= bytes[++i] == GAP ? 0 : 1;
      }
    }
    return i < head ? 0 : sequences[i];
  }

  /**
   * @param isShared whether it came by way of a share group
   */
  void add(long sequence, long body, int messageBytes, boolean isShared) {
    if (tail > head && sequences[tail - 1] >= sequence) {
      throw new IllegalArgumentException(
          "sequence " + sequence + " follows " + sequences[tail - 1]);
    }
    if (tail == sequences.length) {
      compact(sequences.length);
      if (tail >= sequences.length / 2) {
        compact(Math.max(MIN_CAPACITY, sequences.length * 2));
      }
    }
    sequences[tail] = sequence;
    bodies[tail] = body;
    bytes[tail] = isShared ? messageBytes | SHARED : messageBytes;
    tail++;
    size++;
    shared += isShared ? 1 : 0;
    count(messageBytes);
  }

  /** As {@link #add}, for an entry that is loaded and was received before. */
  void addReceived(long sequence) {
    add(sequence, 0, 0, false);
    bytes[tail - 1] = RECEIVED;
  }

  /** Notes that the client has it; returns the body it no longer needs, or 0. */
  long receive(long sequence) {
    int i = indexOf(sequence);
    if (i < 0 || bytes[i] == RECEIVED) {
      return 0;
    }
    left(bytes[i]);
    bytes[i] = RECEIVED;
    long body = bodies[i];
    bodies[i] = 0;
    return body;
  }

  /** Takes it out; returns the body it no longer needs, or 0. */
  long remove(long sequence) {
    int i = indexOf(sequence);
    if (i < 0) {
      return 0;
    }
    left(bytes[i]);
    bytes[i] = GAP;
    size--;
    long body = bodies[i];
    while (head < tail && bytes[head] == GAP) {
      head++;
    }
    if (head == tail) {
      clear();
    } else if (tail - head > size + size / 8 + MIN_CAPACITY) {
      compact(sequences.length);
    }
    return body;
  }

  /** The body of an entry; 0: the message is with the entry, or there is none. */
  long bodyOf(long sequence) {
    int i = indexOf(sequence);
    return i < 0 ? 0 : bodies[i];
  }

  /** What the message of an entry counts for. */
  int bytesOf(long sequence) {
    int i = indexOf(sequence);
    return i < 0 ? 0 : bytes(bytes[i]);
  }

  private void left(int entry) {
    count(-bytes(entry));
    shared -= isShared(entry) ? 1 : 0;
  }

  private static int bytes(int entry) {
    return entry < 0 ? 0 : entry & ~SHARED;
  }

  private static boolean isShared(int entry) {
    return entry > 0 && (entry & SHARED) != 0;
  }

  private void count(int moreBytes) {
    totalBytes += moreBytes;
    load.addQueueBytes(moreBytes);
  }

  private void clear() {
    head = 0;
    tail = 0;
    if (sequences.length > 64) {
      sequences = new long[MIN_CAPACITY];
      bodies = new long[MIN_CAPACITY];
      bytes = new int[MIN_CAPACITY];
    }
  }

  private int indexOf(long sequence) {
    int i = Arrays.binarySearch(sequences, head, tail, sequence);
    return i >= 0 && bytes[i] != GAP ? i : -1;
  }

  private int firstIndexFrom(long sequence) {
    int i = Arrays.binarySearch(sequences, head, tail, sequence);
    return i >= 0 ? i : -i - 1;
  }

  private void compact(int capacity) {
    long[] newSequences = new long[capacity];
    long[] newBodies = new long[capacity];
    int[] newBytes = new int[capacity];
    int to = 0;
    for (int i = head; i < tail; i++) {
      if (bytes[i] != GAP) {
        newSequences[to] = sequences[i];
        newBodies[to] = bodies[i];
        newBytes[to] = bytes[i];
        to++;
      }
    }
    sequences = newSequences;
    bodies = newBodies;
    bytes = newBytes;
    head = 0;
    tail = to;
  }
}
