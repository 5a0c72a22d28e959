package io.vmqtt.cluster.loop;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.MpscArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns on the thread of somebody else, such as the event loop that brings the tasks: nobody has to
 * be woken for them. A turn is short, so that others get their share of the thread. Not to be
 * closed by one of its own tasks.
 */
public final class SharedTurns implements Turns {
  private static final Logger log = LoggerFactory.getLogger(SharedTurns.class);
  private static final int MAX_TASKS_PER_TURN = 64;
  private static final long STOP_TIMEOUT_SECONDS = 2;

  private final String name;
  private final Executor thread;
  private final Runnable turnEnd;
  private final MpscArrayQueue<Runnable> tasks;
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Uses the thread of {@code thread}.
   *
   * @param name of the meter {@code vmqtt.loop.tasks}
   * @param thread runs one task at a time, in order
   * @param capacity how many tasks may wait; one more is refused
   * @param turnEnd runs on the thread after every turn
   */
  public SharedTurns(
      String name, Executor thread, int capacity, Runnable turnEnd, MeterRegistry registry) {
    this.name = name;
    this.thread = thread;
    this.turnEnd = turnEnd;
    this.tasks = new MpscArrayQueue<>(capacity);
    Tasks.count(name, tasks, registry);
  }

  @Override
  public void execute(Runnable task) {
    if (closed.get() || !tasks.offer(task)) {
      throw new RejectedExecutionException(
          name + (closed.get() ? " is closed" : " has too many tasks waiting"));
    }
    schedule();
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      thread.execute(this::turn);
    }
  }

  private void turn() {
    for (int i = 0; i < MAX_TASKS_PER_TURN; i++) {
      Runnable task = tasks.poll();
      if (task == null) {
        break;
      }
      Tasks.attempt(name, task);
    }
    Tasks.attempt(name, turnEnd);
    scheduled.set(false);
    if (!tasks.isEmpty()) {
      schedule();
    }
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    CountDownLatch done = new CountDownLatch(1);
    try {
      thread.execute(
          () -> {
            while (!tasks.isEmpty()) {
              turn();
            }
            done.countDown();
          });
      if (!done.await(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        log.warn("{} did not end in {} s", name, STOP_TIMEOUT_SECONDS);
      }
    } catch (RejectedExecutionException e) {
      log.debug("the thread of {} has ended before", name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
