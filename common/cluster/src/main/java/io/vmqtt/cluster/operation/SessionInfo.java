package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One session, as the leader of its shard has it.
 *
 * @param namespace empty: the nameless one
 * @param shard its number
 * @param attached whether a connection has it now
 * @param gateway the process that has it, or had it last: {@code process} in the meta of a node
 * @param epoch of its latest attachment
 * @param persistent whether it outlives its connection
 * @param expirySeconds for how long; 4294967295: for ever
 * @param detachedAt since when nobody has it: ISO-8601, UTC; null: somebody has
 * @param subscriptions how many; those of sessions that do not outlive their connection are at
 *     their gateways and not counted here
 * @param queued messages in its queue, those under way among them
 * @param queuedBytes what they count for
 * @param dropped how many it has lost because its queue was full
 * @param inbound packet ids of QoS 2 that its client has not released
 * @param receiveMaximum deliveries that may be unacknowledged
 * @param will whether one will be published when its connection ends badly
 */
@JsonInclude
public record SessionInfo(
    String namespace,
    String clientId,
    int shard,
    boolean attached,
    String gateway,
    long epoch,
    boolean persistent,
    long expirySeconds,
    @Nullable String detachedAt,
    int subscriptions,
    int queued,
    long queuedBytes,
    long dropped,
    int inbound,
    int receiveMaximum,
    boolean will) {
  /** Whose it is. */
  public ClientName name() {
    return new ClientName(namespace, clientId);
  }
}
