package io.vmqtt.cluster.loop;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.MpscBlockingConsumerArrayQueue;

/** Turns on a thread of their own. */
public final class TurnLoop implements Turns {
  private static final int MAX_TASKS_PER_TURN = 256;

  private final MpscBlockingConsumerArrayQueue<Runnable> tasks;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Runnable turnEnd;
  private final Thread thread;

  /**
   * Starts the thread.
   *
   * @param name of the thread and of its meter {@code vmqtt.loop.tasks}
   * @param capacity how many tasks may wait; one more is refused
   * @param turnEnd runs on the thread after every turn
   */
  public TurnLoop(String name, int capacity, Runnable turnEnd, MeterRegistry registry) {
    this.tasks = new MpscBlockingConsumerArrayQueue<>(capacity);
    this.turnEnd = turnEnd;
    Tasks.count(name, tasks, registry);
    this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
    thread.start();
  }

  @Override
  public void execute(Runnable task) {
    if (closed.get() || !tasks.offer(task)) {
      throw new RejectedExecutionException(
          thread.getName() + (closed.get() ? " is closed" : " has too many tasks waiting"));
    }
  }

  /** True on the loop's own thread. */
  @SuppressWarnings("ReferenceEquality") // a thread is itself
  public boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /** Runs what waits, then ends the thread. Waits for that unless called on the thread itself. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    tasks.offer(() -> {}); // wakes the thread; a full queue needs no waking
    if (!isCurrent()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    while (!closed.get() || !tasks.isEmpty()) {
      try {
        Runnable task = tasks.take();
        for (int i = 0; task != null && i < MAX_TASKS_PER_TURN; i++) {
          Tasks.attempt(thread.getName(), task);
          task = tasks.poll();
        }
        if (task != null) {
          Tasks.attempt(thread.getName(), task);
        }
      } catch (InterruptedException e) {
        // Nobody interrupts this thread to any purpose: it ends by close.
        continue;
      }
      Tasks.attempt(thread.getName(), turnEnd);
    }
  }
}
