package io.vmqtt.gateway.transport;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Deliveries that were not finished when their client broke off a stream. What it had answered
 * there may be lost, and then it takes for finished what is not: nothing may be sent again on this
 * connection [MQTT-4.4.0-1], and each of them would have its place in the window for good. So all
 * have to go on in time. At most as many as the window has. Confined to the event loop.
 */
final class OwedAnswers {
  /** Packet identifiers since the last look at the clock. */
  private final Set<Integer> latest = new HashSet<>(2);

  /** By packet identifier: since when. */
  private final Map<Integer, Long> sinceNanos = new HashMap<>(2);

  /** The answer to one may be lost. */
  void add(int packetId) {
    if (!sinceNanos.containsKey(packetId)) {
      latest.add(packetId);
    }
  }

  /** One goes on. */
  void answered(int packetId) {
    if (latest.isEmpty() && sinceNanos.isEmpty()) {
      return;
    }
    latest.remove(packetId);
    sinceNanos.remove(packetId);
  }

  /** Nobody listens to the client: the time that it has begins anew. */
  void unheard(long nowNanos) {
    sinceNanos.replaceAll((packetId, since) -> nowNanos);
  }

  /** Time passes: whether one has not gone on for so long. */
  boolean isLate(long nowNanos, long timeoutNanos) {
    latest.forEach(packetId -> sinceNanos.put(packetId, nowNanos));
    latest.clear();
    return sinceNanos.values().stream().anyMatch(since -> nowNanos - since > timeoutNanos);
  }
}
