package io.vmqtt.cluster.loop;

import java.util.concurrent.Executor;

/**
 * Runs tasks one after the other, in the order in which they came, in turns: a turn takes the tasks
 * that wait, and ends with one call of its owner. Whoever gathers what the tasks produce and sends
 * it at the end of the turn turns many small writes into few, the more the busier it is.
 */
public interface Turns extends Executor, AutoCloseable {

  /**
   * Adds a task.
   *
   * @throws java.util.concurrent.RejectedExecutionException if it is closed, or as many tasks wait
   *     as may
   */
  @Override
  void execute(Runnable task);

  /** Runs what waits, and takes nothing more. */
  @Override
  void close();
}
