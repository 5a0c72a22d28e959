package io.vmqtt.testkit.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What one client received, in the order in which its library handed it over. Thread-safe. */
public final class Inbox {
  private static final int SHOWN = 5;
  private static final int SHOWN_PAYLOAD_CHARS = 80;

  private final String owner;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private final List<Receipt> receipts = new ArrayList<>();
  private volatile Consumer<Receipt> listener = receipt -> {};

  /**
   * An empty inbox.
   *
   * @param owner named when something does not arrive
   * @param patience how long the waiting methods wait
   */
  public Inbox(String owner, Duration patience) {
    this.owner = owner;
    this.patience = patience;
  }

  /** To be told of each further receipt, in order, on the thread of the library. */
  public void onReceipt(Consumer<Receipt> newListener) {
    listener = newListener;
  }

  void add(Receipt receipt) {
    lock.lock();
    try {
      receipts.add(receipt);
      grown.signalAll();
    } finally {
      lock.unlock();
    }
    listener.accept(receipt);
  }

  /** All receipts so far. */
  public List<Receipt> all() {
    lock.lock();
    try {
      return List.copyOf(receipts);
    } finally {
      lock.unlock();
    }
  }

  /** The payloads of all receipts so far. */
  public List<String> payloads() {
    return payloadsOf(all());
  }

  /** Waits for so many receipts; there may be more. */
  public List<Receipt> awaitCount(int count) {
    return await(count + " receipts", all -> all.size() >= count);
  }

  /** Waits until this payload has arrived; what came before and with it is in the answer. */
  public List<Receipt> awaitPayload(String payload) {
    return await(
        "payload '" + shortened(payload) + "'",
        all -> all.stream().anyMatch(receipt -> receipt.payload().equals(payload)));
  }

  /**
   * Waits until all these payloads have arrived, the last of them last, and nothing but them.
   *
   * @throws AssertionError with what arrived instead
   */
  public void awaitExactly(List<String> payloads) {
    List<String> arrived = payloadsOf(awaitCount(payloads.size()));
    if (!arrived.equals(payloads)) {
      throw new AssertionError(
          owner + " received " + describe(arrived) + ", not " + describe(payloads));
    }
  }

  private List<Receipt> await(String what, Predicate<List<Receipt>> condition) {
    lock.lock();
    try {
      long nanosLeft = patience.toNanos();
      while (!condition.test(receipts)) {
        if (nanosLeft <= 0) {
          throw new AssertionError(
              owner
                  + " waited "
                  + patience
                  + " for "
                  + what
                  + " and has "
                  + describe(payloadsOf(receipts)));
        }
        nanosLeft = grown.awaitNanos(nanosLeft);
      }
      return List.copyOf(receipts);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(owner + " was interrupted while waiting for " + what, e);
    } finally {
      lock.unlock();
    }
  }

  private static List<String> payloadsOf(List<Receipt> receipts) {
    return receipts.stream().map(Receipt::payload).toList();
  }

  private static String describe(List<String> payloads) {
    List<String> last =
        payloads.subList(Math.max(0, payloads.size() - SHOWN), payloads.size()).stream()
            .map(Inbox::shortened)
            .toList();
    return payloads.size() + " (the last: " + last + ")";
  }

  private static String shortened(String payload) {
    return payload.length() <= SHOWN_PAYLOAD_CHARS
        ? payload
        : payload.substring(0, SHOWN_PAYLOAD_CHARS) + "... (" + payload.length() + " bytes)";
  }

  /** How long the waiting methods wait, in nanoseconds. */
  long patienceNanos() {
    return TimeUnit.NANOSECONDS.convert(patience);
  }
}
