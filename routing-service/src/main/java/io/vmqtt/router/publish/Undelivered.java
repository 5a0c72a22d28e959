package io.vmqtt.router.publish;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * The publishes of QoS 1 and 2 on their way to one destination, in order. They stay until the
 * destination has them, so that a link that breaks costs nothing but sending again. Bounded by what
 * all gateways together may have unanswered, and by {@code maxBytes}. Confined to the router's
 * thread.
 *
 * @param <F> frame as sent
 */
public final class Undelivered<F> {
  private final ArrayDeque<Entry<F>> entries = new ArrayDeque<>();
  private final long maxBytes;
  private long lastSequence;
  private long bytes;

  /** At most about so many bytes wait here. */
  public Undelivered(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** The sequence that the next entry will have. */
  public long nextSequence() {
    return lastSequence + 1;
  }

  /** True if no more may wait here. */
  public boolean isFull() {
    return bytes >= maxBytes;
  }

  /** Keeps a frame that carries {@link #nextSequence}. */
  public void add(Awaited awaited, F frame, int frameBytes) {
    lastSequence++;
    awaited.sent();
    entries.addLast(new Entry<>(lastSequence, awaited, frame, frameBytes));
    bytes += frameBytes;
  }

  /** The destination has everything up to {@code through}, but for the refused ones. */
  public void arrived(long through, Map<Long, Integer> refusedReasonCodes) {
    arrived(through, refusedReasonCodes, Set.of());
  }

  /**
   * As above.
   *
   * @param settledBefore those that all of their subscribers have had
   */
  public void arrived(
      long through, Map<Long, Integer> refusedReasonCodes, Set<Long> settledBefore) {
    while (!entries.isEmpty() && entries.getFirst().sequence <= through) {
      Entry<F> entry = entries.removeFirst();
      bytes -= entry.bytes;
      if (!refusedReasonCodes.isEmpty()) {
        Integer reasonCode = refusedReasonCodes.get(entry.sequence);
        if (reasonCode != null) {
          entry.awaited.refused(reasonCode);
        }
      }
      if (!settledBefore.isEmpty() && settledBefore.contains(entry.sequence)) {
        entry.awaited.settledBefore();
      }
      entry.awaited.arrived();
    }
  }

  /** The source has brought these home another way; they are not sent again, nor answered. */
  public void forget(Predicate<Awaited> which) {
    List<Entry<F>> forgotten = new ArrayList<>();
    entries.removeIf(
        entry -> {
          boolean gone = which.test(entry.awaited);
          if (gone) {
            bytes -= entry.bytes;
            forgotten.add(entry);
          }
          return gone;
        });
    forgotten.forEach(entry -> entry.awaited.forgotten());
  }

  /** The destination is gone for good, and its subscribers with it. */
  public void abandon() {
    arrived(Long.MAX_VALUE, Map.of());
  }

  /** Every frame that is under way, with its size, in order: to be sent again. */
  public void forEach(BiConsumer<F, Integer> action) {
    entries.forEach(entry -> action.accept(entry.frame, entry.bytes));
  }

  /** Every frame that is under way, and what waits for it, in order. */
  public void forEachAwaited(BiConsumer<F, Awaited> action) {
    entries.forEach(entry -> action.accept(entry.frame, entry.awaited));
  }

  public int size() {
    return entries.size();
  }

  private record Entry<F>(long sequence, Awaited awaited, F frame, int bytes) {}
}
