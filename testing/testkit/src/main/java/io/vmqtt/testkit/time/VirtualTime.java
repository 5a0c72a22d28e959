package io.vmqtt.testkit.time;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A clock, in nanoseconds, and the tasks that wait for its moments. Used by one thread. */
public final class VirtualTime implements LongSupplier {
  private final PriorityQueue<Moment> moments = new PriorityQueue<>();
  private long nowNanos = 1_000_000_000L;
  private long lastNumber;

  @Override
  public long getAsLong() {
    return nowNanos;
  }

  /** Runs everything that falls due in this time, each at its own moment, in order. */
  public void advance(Duration by) {
    long until = nowNanos + by.toNanos();
    while (step(until)) {
      // one after the other
    }
    nowNanos = until;
  }

  /** Runs the next task, if it is due by then; returns whether there was one. */
  public boolean step(long untilNanos) {
    Moment next = moments.peek();
    if (next == null || next.atNanos > untilNanos) {
      return false;
    }
    moments.remove();
    nowNanos = Math.max(nowNanos, next.atNanos);
    next.task.run();
    return true;
  }

  /** How many tasks are still to come. */
  public long waiting() {
    return moments.stream()
        .filter(one -> !(one.task instanceof Task task && task.isCancelled()))
        .count();
  }

  /** Has a task run so much later. */
  public void after(long delayNanos, Runnable task) {
    at(nowNanos + delayNanos, task);
  }

  /**
   * A timer by this clock.
   *
   * @param runner is handed each task at its moment
   */
  public ScheduledExecutorService timer(Executor runner) {
    return new VirtualTimer(this, runner);
  }

  ScheduledFuture<?> add(Executor runner, Runnable command, long delayNanos, long periodNanos) {
    return new Task(runner, command, nowNanos + delayNanos, periodNanos);
  }

  private void at(long nanos, Runnable task) {
    moments.add(new Moment(nanos, ++lastNumber, task));
  }

  /** When something happens; of what happens at one time the first comes first. */
  private record Moment(long atNanos, long number, Runnable task) implements Comparable<Moment> {
    @Override
    public int compareTo(Moment other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  /** Something that can be cancelled, or happens again and again. */
  private final class Task extends FutureTask<@Nullable Void>
      implements ScheduledFuture<@Nullable Void> {
    private final Executor runner;
    private final long periodNanos;
    private long atNanos;

    Task(Executor runner, Runnable command, long atNanos, long periodNanos) {
      super(command, null);
      this.runner = runner;
      this.periodNanos = periodNanos;
      waitUntil(atNanos);
    }

    private void waitUntil(long untilNanos) {
      atNanos = untilNanos;
      at(untilNanos, this);
    }

    /** Its moment has come. */
    @Override
    public void run() {
      if (!isCancelled()) {
        runner.execute(this::perform);
      }
    }

    private void perform() {
      if (periodNanos == 0) {
        super.run();
      } else if (runAndReset()) {
        waitUntil(nowNanos + periodNanos);
      }
    }

    @Override
    protected void setException(Throwable problem) {
      throw new IllegalStateException("a task of a timer failed", problem);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(atNanos - nowNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}
