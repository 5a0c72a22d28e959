package io.vmqtt.cluster.loop;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** An executor whose tasks whoever calls it runs, one at a time. */
public final class QueuedTasks implements Executor {
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  /** Runs the task that has waited longest, if there is one; returns whether there was. */
  public boolean runOne() {
    Runnable task = tasks.poll();
    if (task != null) {
      task.run();
    }
    return task != null;
  }

  /** Runs all, and those that they bring. */
  public void runAll() {
    while (runOne()) {
      // one after the other
    }
  }
}
