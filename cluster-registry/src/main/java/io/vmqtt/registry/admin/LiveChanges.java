package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.alarms.Alarm;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.registry.alarms.AlarmEntry;
import io.vmqtt.registry.alarms.AlarmWatch;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * What changes in the cluster, for those who listen: nodes that come and go, alarms that are raised
 * and cleared. Looked at every second, and only while somebody listens. Bounded: {@link
 * #MOST_LISTENERS}, and {@link #MOST_WAITING} changes that one has not taken; who is slower than
 * that is cut off, and has to look at everything again. Safe from any thread.
 */
@Singleton
final class LiveChanges implements AutoCloseable {
  static final int MOST_LISTENERS = 64;

  private static final int MOST_WAITING = 1_024;
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final KnownNodes known;
  private final AlarmWatch alarms;
  private final List<Sinks.Many<Change>> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("live-changes").factory());

  /** Belong to the thread. */
  private Map<String, Node> nodesBefore = Map.of();

  private Map<String, AlarmEntry> alarmsBefore = Map.of();

  /**
   * One change.
   *
   * @param kind {@code node-up}, {@code node-down}, {@code alarm-raised} or {@code alarm-cleared}
   * @param node the id of the node; null: it is an alarm
   * @param role of the node
   * @param alarm null: it is a node
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Change(
      String kind, @Nullable String node, @Nullable String role, @Nullable AlarmEntry alarm) {
    static Change of(String kind, Node node) {
      return new Change(kind, node.id(), node.role().serviceName(), null);
    }

    static Change of(String kind, AlarmEntry alarm) {
      return new Change(kind, null, null, alarm);
    }
  }

  LiveChanges(KnownNodes known, AlarmWatch alarms, MeterRegistry meters) {
    this.known = known;
    this.alarms = alarms;
    Gauge.builder("vmqtt.registry.live.listeners", listeners, List::size)
        .description("operators who are told of changes as they come")
        .register(meters);
    long pause = BETWEEN_LOOKS.toMillis();
    var _ = thread.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
  }

  /**
   * From the next look on; what there is then comes first, as if it had come just now.
   *
   * @throws Problem if too many listen
   */
  Flux<Change> listen() {
    if (listeners.size() >= MOST_LISTENERS) {
      throw Problem.tooMany(MOST_LISTENERS + " listen already");
    }
    Sinks.Many<Change> listener =
        Sinks.many().unicast().onBackpressureBuffer(new ArrayBlockingQueue<>(MOST_WAITING));
    return listener
        .asFlux()
        .doOnSubscribe(_ -> thread.execute(() -> begin(listener)))
        .doFinally(_ -> listeners.remove(listener));
  }

  private void begin(Sinks.Many<Change> listener) {
    if (listeners.isEmpty()) {
      nodesBefore = nodes();
      alarmsBefore = alarms();
    }
    listeners.add(listener);
    nodesBefore.values().forEach(node -> tell(listener, Change.of("node-up", node)));
    alarmsBefore.values().forEach(alarm -> tell(listener, Change.of("alarm-raised", alarm)));
  }

  private void look() {
    if (listeners.isEmpty()) {
      return;
    }
    Map<String, Node> nodesNow = nodes();
    Map<String, AlarmEntry> alarmsNow = alarms();
    List<Change> changes = new ArrayList<>();
    nodesNow.forEach(
        (key, node) -> {
          if (!nodesBefore.containsKey(key)) {
            changes.add(Change.of("node-up", node));
          }
        });
    nodesBefore.forEach(
        (key, node) -> {
          if (!nodesNow.containsKey(key)) {
            changes.add(Change.of("node-down", node));
          }
        });
    alarmsNow.forEach(
        (id, alarm) -> {
          if (!alarm.equals(alarmsBefore.get(id))) {
            changes.add(Change.of("alarm-raised", alarm));
          }
        });
    alarmsBefore.forEach(
        (id, alarm) -> {
          if (!alarmsNow.containsKey(id)) {
            changes.add(Change.of("alarm-cleared", alarm));
          }
        });
    nodesBefore = nodesNow;
    alarmsBefore = alarmsNow;
    for (Sinks.Many<Change> listener : listeners) {
      changes.forEach(change -> tell(listener, change));
    }
  }

  private void tell(Sinks.Many<Change> listener, Change change) {
    if (listener.tryEmitNext(change) != Sinks.EmitResult.OK) {
      listeners.remove(listener);
      var _ = listener.tryEmitComplete();
    }
  }

  private Map<String, Node> nodes() {
    Map<String, Node> all = new HashMap<>();
    known.all().forEach(node -> all.put(node.role().serviceName() + ' ' + node.id(), node));
    return all;
  }

  private Map<String, AlarmEntry> alarms() {
    Map<String, AlarmEntry> all = new HashMap<>();
    for (Alarm alarm : alarms.alarms().active()) {
      all.put(alarm.id(), AlarmEntry.of(alarm));
    }
    return all;
  }

  @Override
  @PreDestroy
  public void close() {
    thread.shutdownNow();
    listeners.forEach(Sinks.Many::tryEmitComplete);
  }
}
