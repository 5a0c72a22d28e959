package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One connected client.
 *
 * @param namespace empty: the nameless one
 * @param user null: nobody knows one
 * @param address where it comes from, such as {@code 10.1.2.3:50312}; null: the transport cannot
 *     tell
 * @param gateway the id of the node that it is connected to
 * @param protocol {@code 3.1}, {@code 3.1.1} or {@code 5}
 * @param connectedAt when it was accepted: ISO-8601, UTC
 * @param keepAliveSeconds 0: none
 * @param persistent whether its session outlives the connection
 * @param sessionExpirySeconds for how long; 4294967295: for ever
 * @param receiveMaximum deliveries of QoS 1 and 2 that may be unacknowledged
 * @param inFlight those that are
 * @param waitingBytes what is held for it in this process
 */
@JsonInclude
public record ClientInfo(
    String namespace,
    String clientId,
    @Nullable String user,
    @Nullable String address,
    String gateway,
    String protocol,
    String connectedAt,
    int keepAliveSeconds,
    boolean persistent,
    long sessionExpirySeconds,
    int receiveMaximum,
    int inFlight,
    long waitingBytes) {
  /** Which one it is. */
  public ClientName name() {
    return new ClientName(namespace, clientId);
  }
}
