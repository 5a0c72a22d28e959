package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one gateway would do with a message.
 *
 * @param router the id of the one that it would give it to; null: it has none
 * @param connections of the client that was asked about, the latest last; there are two while one
 *     takes over
 */
@JsonInclude
public record GatewayProspect(@Nullable String router, List<OfConnection> connections) {
  public GatewayProspect {
    connections = List.copyOf(connections);
  }

  /**
   * What a connection would do with it.
   *
   * @param connectedAt ISO-8601, UTC
   * @param publish whether its client may publish it; null: somebody outside would be asked
   * @param publishRule which rule says so, as people find it; null: none, or nobody can tell
   * @param receives whether it may still reach the client, by a subscription that matches
   * @param match subscriptions of a session that ends with the connection; null: it outlives that,
   *     and its shard has them
   * @param window deliveries of QoS 1 and 2 that may be unacknowledged
   * @param inFlight those that are
   * @param takesMore whether the client takes what is sent to it: false while its socket, or a
   *     quota of its namespace, holds it up
   * @param waitingBytes what is held for it
   */
  @JsonInclude
  public record OfConnection(
      String connectedAt,
      @Nullable Boolean publish,
      @Nullable String publishRule,
      boolean receives,
      @Nullable SubscriptionMatch match,
      int window,
      int inFlight,
      boolean takesMore,
      long waitingBytes) {}
}
