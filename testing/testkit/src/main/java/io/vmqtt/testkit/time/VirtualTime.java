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
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
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
    Task next = tasks.peek();
    if (next == null || next.atNanos > untilNanos) {
      return false;
    }
    tasks.remove();
    nowNanos = Math.max(nowNanos, next.atNanos);
    next.ring();
    return true;
  }

  /** How many tasks are still to come. */
  public long waiting() {
    return tasks.stream().filter(task -> !task.isCancelled()).count();
  }

  /** Has a task run so much later. */
  public void after(long delayNanos, Runnable task) {
    var _ = add(Runnable::run, task, delayNanos, 0);
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
    Task task = new Task(runner, command, nowNanos + delayNanos, periodNanos);
    tasks.add(task);
    return task;
  }

  private final class Task extends FutureTask<@Nullable Void>
      implements ScheduledFuture<@Nullable Void> {
    private final long number = ++lastNumber;
    private final Executor runner;
    private final long periodNanos;
    private long atNanos;

    Task(Executor runner, Runnable command, long atNanos, long periodNanos) {
      super(command, null);
      this.runner = runner;
      this.atNanos = atNanos;
      this.periodNanos = periodNanos;
    }

    void ring() {
      if (!isCancelled()) {
        runner.execute(this::perform);
      }
    }

    private void perform() {
      if (periodNanos == 0) {
        run();
      } else if (runAndReset()) {
        atNanos = nowNanos + periodNanos;
        tasks.add(this);
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
      Task task = (Task) other;
      int byTime = Long.compare(atNanos, task.atNanos);
      return byTime != 0 ? byTime : Long.compare(number, task.number);
    }
  }
}
