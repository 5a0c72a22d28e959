package io.vmqtt.cluster.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.LongAdder;

/**
 * A counter for what happens with every message. That of a registry which is made of several goes
 * through all of them at each increment; this one adds a number, and is read by them.
 */
public final class EventCounter {
  private final LongAdder events = new LongAdder();

  private EventCounter() {}

  /** Registers a counter. */
  public static EventCounter register(MeterRegistry registry, String name, String description) {
    return register(registry, name, description, Tags.empty());
  }

  /** Registers a counter with tags. */
  public static EventCounter register(
      MeterRegistry registry, String name, String description, Tags tags) {
    EventCounter counter = new EventCounter();
    FunctionCounter.builder(name, counter, EventCounter::count)
        .description(description)
        .tags(tags)
        .register(registry);
    return counter;
  }

  /** One more; by any thread. */
  public void increment() {
    events.increment();
  }

  /** So many more; by any thread. */
  public void increment(long more) {
    events.add(more);
  }

  /** How many there were. */
  public double count() {
    return events.doubleValue();
  }
}
