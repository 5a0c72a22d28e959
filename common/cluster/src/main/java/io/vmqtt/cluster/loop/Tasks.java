package io.vmqtt.cluster.loop;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all turns do with their tasks. */
final class Tasks {
  private static final Logger log = LoggerFactory.getLogger(Tasks.class);

  private Tasks() {}

  /** Runs one; what fails must not end those that follow. */
  static void attempt(String loop, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      log.error("a task of {} failed", loop, e);
    }
  }

  /** Shows how many wait. */
  static void count(String loop, Collection<Runnable> waiting, MeterRegistry registry) {
    Gauge.builder("vmqtt.loop.tasks", waiting, Collection::size)
        .description("what waits for a thread")
        .tag("loop", loop)
        .register(registry);
  }
}
