package io.vmqtt.cluster.link;

import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A clock and a timer that move only when a test says so. Used by one thread. */
final class VirtualTime extends AbstractExecutorService
    implements ScheduledExecutorService, LongSupplier {
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private long nowNanos = 1_000_000_000L;
  private long lastNumber;

  @Override
  public long getAsLong() {
    return nowNanos;
  }

  /** Runs everything that falls due in this time, each at its own moment, in order. */
  void advance(Duration by) {
    long until = nowNanos + by.toNanos();
    for (Task next = tasks.peek(); next != null && next.atNanos <= until; next = tasks.peek()) {
      tasks.remove();
      nowNanos = Math.max(nowNanos, next.atNanos);
      next.ring();
    }
    nowNanos = until;
  }

  /** How many tasks are still to come. */
  long waiting() {
    return tasks.stream().filter(task -> !task.isCancelled()).count();
  }

  private final class Task extends FutureTask<@Nullable Void>
      implements ScheduledFuture<@Nullable Void> {
    private final long number = ++lastNumber;
    private final long periodNanos;
    private long atNanos;

    Task(Runnable command, long atNanos, long periodNanos) {
      super(command, null);
      this.atNanos = atNanos;
      this.periodNanos = periodNanos;
    }

    void ring() {
      if (periodNanos == 0) {
        run();
      } else if (runAndReset()) {
        atNanos = nowNanos + periodNanos;
        tasks.add(this);
      }
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

  private Task add(Runnable command, long delay, long period, TimeUnit unit) {
    Task task = new Task(command, nowNanos + unit.toNanos(delay), unit.toNanos(period));
    tasks.add(task);
    return task;
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return add(command, delay, 0, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return add(command, initialDelay, delay, unit);
  }

  @Override
  public void execute(Runnable command) {
    var _ = add(command, 0, 0, TimeUnit.NANOSECONDS);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException("links do not use it");
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    throw new UnsupportedOperationException("links do not use it");
  }

  @Override
  public void shutdown() {
    tasks.clear();
  }

  @Override
  public List<Runnable> shutdownNow() {
    tasks.clear();
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return true;
  }
}
