package io.vmqtt.gateway.listener;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.vmqtt.cluster.metrics.Latency;
import io.vmqtt.gateway.access.outside.OutsideTally;
import io.vmqtt.gateway.access.outside.Outsider;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** How it goes with those outside who are asked about clients, all that are called the same. */
final class OutsideMetrics {
  private static final String PREFIX = "vmqtt.gateway.outside.";
  private static final String METHOD = "method";
  private static final String REASON = "reason";

  private final MeterRegistry registry;
  private final Map<String, Tally> byName = new ConcurrentHashMap<>();

  OutsideMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** For one that is called so. */
  OutsideTally of(String name) {
    return tally(name);
  }

  /** Counts those who wait for it. */
  void waiting(String name, Outsider outsider) {
    tally(name).outsiders.add(outsider);
  }

  /** It is asked no more. */
  void gone(String name, Outsider outsider) {
    tally(name).outsiders.remove(outsider);
  }

  private Tally tally(String name) {
    return byName.computeIfAbsent(name, unknown -> new Tally(registry, unknown));
  }

  /** Of one name. */
  private static final class Tally implements OutsideTally {
    final Queue<Outsider> outsiders = new ConcurrentLinkedQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Latency asked;
    private final Counter failed;
    private final Counter timedOut;
    private final Counter full;
    private final Counter down;

    Tally(MeterRegistry registry, String name) {
      asked = Latency.register(registry, PREFIX + "asked", Tags.of(METHOD, name));
      failed = failed(registry, name, "failed");
      timedOut = failed(registry, name, "time-out");
      full = refused(registry, name, "full");
      down = refused(registry, name, "down");
      Gauge.builder(PREFIX + "under.way", underWay, AtomicInteger::get)
          .description("questions to somebody outside about a client that have no answer yet")
          .tag(METHOD, name)
          .register(registry);
      Gauge.builder(
              PREFIX + "waiting", outsiders, all -> all.stream().mapToInt(Outsider::waiting).sum())
          .description("questions that wait until fewer are under way")
          .tag(METHOD, name)
          .register(registry);
    }

    private static Counter failed(MeterRegistry registry, String name, String reason) {
      return Counter.builder(PREFIX + "failed")
          .description("questions to somebody outside that had no answer of use: client refused")
          .tag(METHOD, name)
          .tag(REASON, reason)
          .register(registry);
    }

    private static Counter refused(MeterRegistry registry, String name, String reason) {
      return Counter.builder(PREFIX + "refused")
          .description(
              "questions to somebody outside that were not asked, as too many waited, or there were"
                  + " no answers lately: client refused")
          .tag(METHOD, name)
          .tag(REASON, reason)
          .register(registry);
    }

    @Override
    public void begun() {
      underWay.incrementAndGet();
    }

    @Override
    public void ended(Outcome outcome, long nanos) {
      underWay.decrementAndGet();
      asked.record(nanos);
      switch (outcome) {
        case ANSWERED -> {}
        case FAILED -> failed.increment();
        case TIMED_OUT -> timedOut.increment();
      }
    }

    @Override
    public void refused(Refusal why) {
      switch (why) {
        case FULL -> full.increment();
        case DOWN -> down.increment();
      }
    }
  }
}
