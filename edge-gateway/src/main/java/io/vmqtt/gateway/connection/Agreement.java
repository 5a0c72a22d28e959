package io.vmqtt.gateway.connection;

import io.vmqtt.model.ClientId;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What holds between a client and this gateway from CONNECT on: what the client asked for, as far
 * as the limits allow.
 *
 * @param clientId empty: the client named none that can be used
 * @param assignedClientId the client id if the client sent none; else null
 * @param publisher hash of the client id
 * @param cleanStart a session that exists is dropped
 * @param sessionExpirySeconds see {@link ConnectRequest}
 * @param keepAliveSeconds silence of 1.5 times this is the client's end [MQTT-3.1.2-22]; 0: never
 * @param serverKeepAliveSeconds the same if it differs from what the client asked; else null
 * @param window deliveries of QoS 1 and 2 that may be unacknowledged
 * @param maximumPacketBytes what the client takes in one packet
 */
public record Agreement(
    ProtocolVersion version,
    String clientId,
    @Nullable String assignedClientId,
    long publisher,
    boolean cleanStart,
    long sessionExpirySeconds,
    int keepAliveSeconds,
    @Nullable Integer serverKeepAliveSeconds,
    int window,
    long maximumPacketBytes) {

  /** Before CONNECT. */
  static final Agreement NONE =
      new Agreement(ProtocolVersion.V3, "", null, 0, true, 0, 0, null, 0, Long.MAX_VALUE);

  static Agreement of(ConnectRequest request, Limits limits, RandomGenerator random) {
    ProtocolVersion version = request.version();
    String assigned = null;
    String clientId = request.clientId();
    if (clientId.isEmpty() && (version == ProtocolVersion.V5 || request.cleanStart())) {
      assigned = ClientId.assign(random);
      clientId = assigned;
    }
    boolean named = !clientId.isEmpty() && ClientId.isValid(clientId);
    int asked = request.keepAliveSeconds();
    int longest = limits.maxKeepAliveSeconds();
    boolean lowered =
        version == ProtocolVersion.V5 && longest > 0 && (asked == 0 || asked > longest);
    return new Agreement(
        version,
        named ? clientId : "",
        assigned,
        named ? ClientId.hash64(clientId) : 0,
        request.cleanStart(),
        request.sessionExpirySeconds(),
        lowered ? longest : asked,
        lowered ? (Integer) longest : null,
        Math.min(request.receiveMaximum(), limits.maxInFlight()),
        request.maximumPacketBytes());
  }

  /**
   * What CONNACK says.
   *
   * @param expirySeconds how long the session outlives the connection; null: as the client asked
   * @param authentication how the client proved who it is; null: not by an authentication method
   */
  ClientOutput.ConnectAccepted accepted(
      boolean sessionPresent,
      @Nullable Long expirySeconds,
      @Nullable AuthenticationData authentication) {
    return new ClientOutput.ConnectAccepted(
        version,
        sessionPresent,
        assignedClientId,
        expirySeconds == null ? sessionExpirySeconds : expirySeconds,
        serverKeepAliveSeconds,
        maximumPacketBytes,
        authentication);
  }
}
