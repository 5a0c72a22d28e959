package io.vmqtt.gateway.transport;

import io.vmqtt.gateway.link.Lane;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/** The connections of one event loop. Confined to it. */
final class EventLoopConnections {
  private final Lane lane;
  private final Set<MqttHandler> handlers = new LinkedHashSet<>();

  EventLoopConnections(Lane lane) {
    this.lane = lane;
  }

  Lane lane() {
    return lane;
  }

  long nanoTime() {
    return System.nanoTime();
  }

  long currentTimeMillis() {
    return lane.currentTimeMillis();
  }

  void add(MqttHandler handler) {
    handlers.add(handler);
  }

  void remove(MqttHandler handler) {
    handlers.remove(handler);
  }

  void checkClocks(long connectTimeoutNanos) {
    long now = nanoTime();
    new ArrayList<>(handlers).forEach(handler -> handler.checkClock(now, connectTimeoutNanos));
  }

  void shutDown() {
    new ArrayList<>(handlers).forEach(MqttHandler::shutDown);
  }
}
