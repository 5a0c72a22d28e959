package io.vmqtt.gateway.operation;

import io.vmqtt.gateway.connection.ClientOutput.Outgoing;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for one operator to read them. Bounded in number and bytes: the oldest gives
 * way, and is counted. An event loop adds, a thread that may wait reads; each holds the lock for
 * moments. Safe from any thread.
 */
final class HeardMessages {
  /** At a time. */
  static final int MOST = 1_000;

  /** Of all that wait; a single message may be larger. */
  static final int MOST_BYTES = 1 << 20;

  private final Runnable countLeftOut;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<One> waiting = new ArrayDeque<>();
  private int bytes;
  private long leftOut;
  private boolean closed;

  /** A message, and how it is delivered. */
  private record One(Message message, Delivery delivery, int bytes) {}

  /**
   * What is next.
   *
   * @param leftOut how many before it have given way
   * @param message null: there is none now
   * @param delivery null with it
   * @param over whether nothing comes any more
   */
  record Next(long leftOut, @Nullable Message message, @Nullable Delivery delivery, boolean over) {}

  /**
   * Nothing yet.
   *
   * @param countLeftOut is run for each that gives way
   */
  HeardMessages(Runnable countLeftOut) {
    this.countLeftOut = countLeftOut;
  }

  /** Whether as much again as waits could come before anything gave way. */
  boolean hasRoom() {
    lock.lock();
    try {
      return waiting.size() < MOST / 2 && bytes < MOST_BYTES / 2;
    } finally {
      lock.unlock();
    }
  }

  void add(Outgoing message, Delivery delivery) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      waiting.addLast(new One(message.message(), delivery, message.keptBytes()));
      bytes += message.keptBytes();
      while (waiting.size() > 1 && (waiting.size() > MOST || bytes > MOST_BYTES)) {
        bytes -= waiting.removeFirst().bytes;
        leftOut++;
        countLeftOut.run();
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next message, when there is one, or the time is over.
   *
   * @throws InterruptedException if the calling thread is asked to stop
   */
  Next take(long patienceMillis) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
      while (waiting.isEmpty() && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (waiting.isEmpty()) {
        return new Next(0, null, null, closed);
      }
      One next = waiting.removeFirst();
      bytes -= next.bytes;
      long before = leftOut;
      leftOut = 0;
      return new Next(before, next.message, next.delivery, false);
    } finally {
      lock.unlock();
    }
  }

  /** Nothing comes any more; what waits can still be read. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
