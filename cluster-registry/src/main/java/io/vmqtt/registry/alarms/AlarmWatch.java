package io.vmqtt.registry.alarms;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.alarms.Alarm;
import io.vmqtt.cluster.alarms.AlarmEvent;
import io.vmqtt.cluster.alarms.AlarmKind;
import io.vmqtt.cluster.alarms.Alarms;
import io.vmqtt.registry.status.ClusterStatus;
import io.vmqtt.registry.status.ClusterStatusReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the whole cluster every few seconds. Each registry does, so that each can be asked; the
 * one that leads tells others. Who begins to lead tells of what is active again: whether the one
 * before still did, nobody knows.
 */
public final class AlarmWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AlarmWatch.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);

  private final Alarms alarms = new Alarms();
  private final ClusterStatusReader reader;
  private final BooleanSupplier leads;
  private final Consumer<AlarmEvent> told;
  private final InstantSource clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("cluster-alarms").factory());

  /** Belongs to the thread. */
  private boolean led;

  /**
   * @param leads whether this registry does
   * @param told of each event while it leads; must not block
   */
  public AlarmWatch(
      ClusterStatusReader reader,
      BooleanSupplier leads,
      Consumer<AlarmEvent> told,
      InstantSource clock,
      MeterRegistry meters) {
    this.reader = reader;
    this.leads = leads;
    this.told = told;
    this.clock = clock;
    for (AlarmKind kind : AlarmKind.values()) {
      Gauge.builder("vmqtt.cluster.alarms", alarms, all -> all.active(kind))
          .description("alarms of the whole cluster, as this registry sees it")
          .tag("kind", kind.label())
          .register(meters);
    }
    Gauge.builder("vmqtt.cluster.alarms.left.out", alarms, Alarms::leftOut)
        .description("alarms that are not told of, because there are too many")
        .register(meters);
  }

  public void start() {
    long pause = BETWEEN_LOOKS.toMillis();
    var _ = thread.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
  }

  /** What is known. */
  public Alarms alarms() {
    return alarms;
  }

  private void look() {
    try {
      Instant before = clock.instant();
      ClusterStatus status = reader.read();
      Instant after = clock.instant();
      List<Alarm> active = alarms.active();
      boolean leading = leads.getAsBoolean();
      boolean isNew = leading && !led;
      led = leading;
      if (isNew) {
        active.forEach(alarm -> told.accept(new AlarmEvent(alarm, true)));
      }
      for (AlarmEvent event :
          alarms.look(
              ClusterFindings.of(status, before, after, active),
              after.truncatedTo(ChronoUnit.MILLIS))) {
        if (leading) {
          say(event);
          told.accept(event);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("the alarms of the cluster cannot be looked at", e);
    }
  }

  /** Nodes have their own in their own logs. */
  private static void say(AlarmEvent event) {
    Alarm alarm = event.alarm();
    if (!ClusterFindings.isFoundHere(alarm.kind())) {
      return;
    }
    String node = alarm.node().isEmpty() ? "the cluster" : alarm.node();
    if (event.isRaised()) {
      log.warn("alarm of {}: {}", node, alarm.line());
    } else {
      log.info("alarm of {} is over: {}", node, alarm.line());
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
