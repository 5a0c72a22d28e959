package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vmqtt.cluster.operation.ClientInfo;
import io.vmqtt.cluster.operation.ClientTraffic;
import io.vmqtt.cluster.operation.WillInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connected client, with what its session and a count of its packets tell.
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
 * @param waitingBytes what is held for it in its gateway
 * @param will what is published if its connection ends badly; null: nothing is, or {@code missing}
 *     says who did not tell
 * @param rates null: they were not asked for, or could not be counted
 * @param missing who did not answer
 */
@JsonInclude
record ClientDetails(
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
    long waitingBytes,
    @Nullable WillInfo will,
    @Nullable Rates rates,
    List<Missing> missing) {
  private static final double MILLIS = 1_000;
  private static final double TENTHS = 10;

  /**
   * What passed in a second, while it was counted.
   *
   * @param messagesIn PUBLISH packets from the client
   * @param messagesOut those to it
   * @param bytesIn of all packets from it, what TLS and WebSockets add not counted
   * @param bytesOut the same of those to it
   */
  @JsonInclude
  record Rates(double messagesIn, double messagesOut, double bytesIn, double bytesOut) {

    /** Null: nothing was counted. */
    static @Nullable Rates of(ClientTraffic traffic) {
      return traffic.millis() == 0
          ? null
          : new Rates(
              perSecond(traffic.messagesIn(), traffic),
              perSecond(traffic.messagesOut(), traffic),
              perSecond(traffic.bytesIn(), traffic),
              perSecond(traffic.bytesOut(), traffic));
    }

    private static double perSecond(long count, ClientTraffic traffic) {
      return Math.round(count * MILLIS / traffic.millis() * TENTHS) / TENTHS;
    }
  }

  static ClientDetails of(
      ClientInfo client, @Nullable WillInfo will, @Nullable Rates rates, List<Missing> missing) {
    return new ClientDetails(
        client.namespace(),
        client.clientId(),
        client.user(),
        client.address(),
        client.gateway(),
        client.protocol(),
        client.connectedAt(),
        client.keepAliveSeconds(),
        client.persistent(),
        client.sessionExpirySeconds(),
        client.receiveMaximum(),
        client.inFlight(),
        client.waitingBytes(),
        will,
        rates,
        missing);
  }
}
