package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a node has written down, in the order in which it came.
 *
 * @param trace null: the node knows no such trace
 * @param over whether nothing more is written down
 * @param events behind the number that was asked for
 * @param through the number of the last one
 * @param leftOut how many of them there were before the first of these, which had to give way
 * @param more whether there are others behind these now
 */
@JsonInclude
public record TraceEvents(
    @Nullable TraceSpec trace,
    boolean over,
    List<TraceEvent> events,
    long through,
    long leftOut,
    boolean more) {
  public TraceEvents {
    events = List.copyOf(events);
  }

  /**
   * One packet, or what came of a connection.
   *
   * @param at ISO-8601, UTC, by the clock of the node
   * @param node its id
   * @param namespace of the client; empty: the nameless one
   * @param address where the client comes from; null: the transport cannot tell
   * @param direction {@code in}: from the client; {@code out}: to it; {@code end}: no packet
   * @param packet its name in MQTT, or what happened
   * @param facts what is in it, by name; no payload
   */
  @JsonInclude
  public record TraceEvent(
      String at,
      String node,
      String namespace,
      String clientId,
      @Nullable String address,
      String direction,
      String packet,
      Map<String, Object> facts) {
    public TraceEvent {
      facts = Collections.unmodifiableMap(new TreeMap<>(facts));
    }
  }
}
