package io.vmqtt.cluster.loop;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jctools.queues.MpscArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns on the thread of whoever brings a task, while there is little to do: to wake a thread costs
 * more than most tasks. Nobody lends his thread for long; where there is more to do it is done by a
 * thread of its own, which is there for that, until there is little again. Not to be closed by one
 * of its own tasks.
 */
public final class LentTurns implements Turns {
  private static final Logger log = LoggerFactory.getLogger(LentTurns.class);
  private static final int MAX_TASKS_PER_TURN = 64;
  private static final long STOP_TIMEOUT_SECONDS = 2;

  /** After so long a lender has his thread back when his task ends. */
  private static final long LONGEST_LOAN_NANOS = 100_000;

  /** How busy it is, is looked at over so long. */
  private static final long WINDOW_NANOS = 5_000_000;

  /** So much of the time is more than lenders should give. */
  private static final long BUSY_FRACTION = 4;

  /** So long its own thread goes on when lenders have given that much. */
  private static final long OWN_NANOS = 50_000_000;

  private final String name;
  private final Runnable turnEnd;
  private final LongSupplier nanoClock;
  private final MpscArrayQueue<Runnable> tasks;
  private final Counter lent;

  /** Somebody runs tasks, or its own thread is about to. What follows belongs to him. */
  private final AtomicBoolean held = new AtomicBoolean();

  private long windowStartNanos;
  private long workedNanos;
  private long ownUntilNanos;

  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean given;
  private volatile boolean ended;
  private final Thread own;

  /**
   * Starts its own thread.
   *
   * @param name of the thread and of the meters {@code vmqtt.loop.tasks}, {@code vmqtt.loop.lent}
   * @param capacity how many tasks may wait; one more is refused
   * @param turnEnd runs after every turn, on its thread
   */
  public LentTurns(String name, int capacity, Runnable turnEnd, MeterRegistry registry) {
    this(name, capacity, turnEnd, registry, System::nanoTime);
  }

  LentTurns(
      String name, int capacity, Runnable turnEnd, MeterRegistry registry, LongSupplier nanoClock) {
    this.name = name;
    this.turnEnd = turnEnd;
    this.nanoClock = nanoClock;
    this.tasks = new MpscArrayQueue<>(capacity);
    this.windowStartNanos = nanoClock.getAsLong();
    this.ownUntilNanos = windowStartNanos;
    Tasks.count(name, tasks, registry);
    this.lent =
        Counter.builder("vmqtt.loop.lent")
            .description("turns on the thread of who brought a task, instead of its own")
            .tag("loop", name)
            .register(registry);
    this.own = Thread.ofPlatform().name(name).daemon(true).unstarted(this::runOwn);
    own.start();
  }

  @Override
  public void execute(Runnable task) {
    if (closed.get() || !tasks.offer(task)) {
      throw new RejectedExecutionException(
          name + (closed.get() ? " is closed" : " has too many tasks waiting"));
    }
    if (held.compareAndSet(false, true)) {
      long now = nanoClock.getAsLong();
      if (now - ownUntilNanos < 0) {
        give();
      } else {
        lend(now);
      }
    }
  }

  /** Lets its own thread go on. */
  private void give() {
    given = true;
    LockSupport.unpark(own);
  }

  /** Called by the holder: runs tasks on this thread. */
  private void lend(long startNanos) {
    lent.increment();
    long sinceNanos = startNanos;
    while (true) {
      turn(startNanos + LONGEST_LOAN_NANOS);
      long now = nanoClock.getAsLong();
      if (tasks.isEmpty()) {
        worked(sinceNanos, now);
        if (!holdsOn()) {
          return;
        }
        sinceNanos = now;
      } else if (now - startNanos >= LONGEST_LOAN_NANOS) {
        worked(sinceNanos, now);
        give();
        return;
      }
    }
  }

  private void runOwn() {
    while (!ended) {
      if (!given) {
        LockSupport.park(this);
        continue;
      }
      given = false;
      do {
        long sinceNanos = nanoClock.getAsLong();
        turn(sinceNanos + OWN_NANOS);
        worked(sinceNanos, nanoClock.getAsLong());
      } while (!tasks.isEmpty() || holdsOn());
    }
  }

  /** Called by the holder, who has nothing to do: returns whether he has something yet. */
  private boolean holdsOn() {
    held.set(false);
    // Who brought a task before that has left it to this thread.
    return !tasks.isEmpty() && held.compareAndSet(false, true);
  }

  private void worked(long sinceNanos, long now) {
    workedNanos += now - sinceNanos;
    long windowNanos = now - windowStartNanos;
    boolean busy = workedNanos * BUSY_FRACTION >= Math.max(windowNanos, WINDOW_NANOS);
    if (busy) {
      ownUntilNanos = now + OWN_NANOS;
    }
    if (busy || windowNanos >= WINDOW_NANOS) {
      windowStartNanos = now;
      workedNanos = 0;
    }
  }

  /** A turn, which takes no further task when that time has come. */
  private void turn(long endNanos) {
    int left = MAX_TASKS_PER_TURN;
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      Tasks.attempt(name, task);
      if (--left == 0 || nanoClock.getAsLong() - endNanos >= 0) {
        break;
      }
    }
    Tasks.attempt(name, turnEnd);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    long end = nanoClock.getAsLong() + TimeUnit.SECONDS.toNanos(STOP_TIMEOUT_SECONDS);
    boolean mine = held.compareAndSet(false, true);
    while (!mine && nanoClock.getAsLong() - end < 0) {
      LockSupport.parkNanos(LONGEST_LOAN_NANOS);
      mine = held.compareAndSet(false, true);
    }
    if (mine) { // and for good
      do {
        turn(Long.MAX_VALUE);
      } while (!tasks.isEmpty());
    } else {
      log.warn("{} did not end in {} s", name, STOP_TIMEOUT_SECONDS);
    }
    ended = true;
    LockSupport.unpark(own);
  }
}
