package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.access.Password;
import org.jspecify.annotations.Nullable;

/**
 * CONNECT, with the defaults of MQTT 5 filled in for older clients.
 *
 * @param version of the protocol
 * @param clientId as sent; may be empty
 * @param cleanStart drop an existing session; Clean Session of MQTT 3.1.1
 * @param sessionExpirySeconds 0: ends with the connection; 0xFFFFFFFF: never
 * @param keepAliveSeconds 0: off
 * @param receiveMaximum what the client takes at once
 * @param maximumPacketBytes what the client takes in one packet
 * @param will absent if the client left none
 * @param userName null: none
 * @param password null: none
 * @param authentication enhanced authentication; null: none is asked for
 */
public record ConnectRequest(
    ProtocolVersion version,
    String clientId,
    boolean cleanStart,
    long sessionExpirySeconds,
    int keepAliveSeconds,
    int receiveMaximum,
    long maximumPacketBytes,
    @Nullable Will will,
    @Nullable String userName,
    @Nullable Password password,
    @Nullable AuthenticationData authentication) {
  public static final long NEVER_EXPIRES = 0xFFFF_FFFFL;

  /** A CONNECT without user name and password. */
  public ConnectRequest(
      ProtocolVersion version,
      String clientId,
      boolean cleanStart,
      long sessionExpirySeconds,
      int keepAliveSeconds,
      int receiveMaximum,
      long maximumPacketBytes,
      @Nullable Will will) {
    this(
        version,
        clientId,
        cleanStart,
        sessionExpirySeconds,
        keepAliveSeconds,
        receiveMaximum,
        maximumPacketBytes,
        will,
        null,
        null,
        null);
  }
}
