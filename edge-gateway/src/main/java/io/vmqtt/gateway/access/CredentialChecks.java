package io.vmqtt.gateway.access.passwords;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The threads on which passwords are checked, which is dear by intent: half of the processors, so
 * that whoever guesses does not stop those who are connected. A bounded number of checks waits;
 * beyond it clients are told that the server is busy.
 */
public final class PasswordChecks implements AutoCloseable {
  private static final int MOST_WAITING = 1_000;

  private final ThreadPoolExecutor threads;
  private final LongAdder refused = new LongAdder();

  /** For a machine with so many processors. */
  public PasswordChecks(int processors) {
    this(Math.max(1, processors / 2), MOST_WAITING);
  }

  PasswordChecks(int count, int mostWaiting) {
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(mostWaiting),
            Thread.ofPlatform().name("passwords-", 1).daemon().factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /** Has a check run; false: too many wait. */
  boolean submit(Runnable check) {
    try {
      threads.execute(check);
      return true;
    } catch (RejectedExecutionException _) {
      refused.increment();
      return false;
    }
  }

  /** How many checks wait for a thread. */
  public int waiting() {
    return threads.getQueue().size();
  }

  /** How many were begun. */
  public long begun() {
    return threads.getTaskCount() - waiting();
  }

  /** How many were refused because too many waited. */
  public long refused() {
    return refused.sum();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
