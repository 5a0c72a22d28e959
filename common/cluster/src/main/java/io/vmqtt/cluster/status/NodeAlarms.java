package io.vmqtt.cluster.status;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.vmqtt.cluster.alarms.Alarm;
import io.vmqtt.cluster.alarms.AlarmEvent;
import io.vmqtt.cluster.alarms.AlarmKind;
import io.vmqtt.cluster.alarms.AlarmReport;
import io.vmqtt.cluster.alarms.Alarms;
import io.vmqtt.cluster.alarms.Finding;
import io.vmqtt.cluster.node.LocalNode;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The alarms that this process raises about itself: a line in its log, the gauge {@code
 * vmqtt.alarms}, and a part of {@code /node/status}, from where registries have them.
 */
@Singleton
@Requires(beans = {LocalNode.class, MeterRegistry.class})
final class NodeAlarms implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeAlarms.class);
  private static final long LOOK_SECONDS = 3;

  private final Alarms alarms = new Alarms();
  private final MeterFindings meters;
  private final Provider<LocalNodes> nodes;
  private final EmbeddedServer http;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("alarms").daemon().factory());

  NodeAlarms(MeterRegistry registry, Provider<LocalNodes> nodes, EmbeddedServer http) {
    this.meters = new MeterFindings(registry);
    this.nodes = nodes;
    this.http = http;
    for (AlarmKind kind : AlarmKind.values()) {
      Gauge.builder("vmqtt.alarms", alarms, all -> all.active(kind))
          .description("alarms that the process has raised about itself")
          .tag("kind", kind.label())
          .register(registry);
    }
  }

  /** Not before all is there: what is looked at must not be built by a look. */
  @EventListener
  void onStart(ServerStartupEvent event) {
    if (event.getSource().equals(http)) {
      var _ = timer.scheduleWithFixedDelay(this::look, 0, LOOK_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void look() {
    try {
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      List<Finding> found = new ArrayList<>(meters.look(now));
      for (LocalNode node : nodes.get().all()) {
        if (node instanceof NodeStatus status) {
          found.addAll(status.findings());
        }
      }
      alarms.look(found, now).forEach(NodeAlarms::say);
    } catch (RuntimeException | Error e) { // nobody would see that there are no looks any more
      log.error("alarms cannot be looked at", e);
    }
  }

  private static void say(AlarmEvent event) {
    Alarm alarm = event.alarm();
    if (event.isRaised()) {
      log.warn("alarm: {}", alarm.line());
    } else {
      log.info("alarm is over: {}", alarm.line());
    }
  }

  /** Those that are active. */
  List<AlarmReport> active() {
    return alarms.active().stream().map(AlarmReport::of).toList();
  }

  @EventListener
  void onStop(ShutdownEvent event) {
    close();
  }

  @Override
  @PreDestroy
  public void close() {
    timer.shutdownNow();
  }
}
