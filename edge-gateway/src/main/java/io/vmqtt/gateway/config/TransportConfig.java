package io.vmqtt.gateway.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lies between the network and MQTT for the clients of a listener, from the outside to the
 * inside.
 *
 * @param proxies networks, such as {@code 10.0.0.0/8}, of proxies that say with the PROXY protocol
 *     who comes; empty: there are none
 * @param tls null: none
 * @param webSocket null: none
 * @param overQuic whether the network is that of QUIC, and not TCP; then there is TLS, which is
 *     part of it, and nothing else
 */
public record TransportConfig(
    List<String> proxies,
    @Nullable TlsConfig tls,
    @Nullable WebSocketConfig webSocket,
    boolean overQuic) {
  /** Nothing. */
  public static final TransportConfig TCP = new TransportConfig(List.of(), null, null);

  public TransportConfig {
    proxies = List.copyOf(proxies);
    if (overQuic && (tls == null || webSocket != null || !proxies.isEmpty())) {
      throw new IllegalArgumentException("over QUIC there is TLS and nothing else");
    }
  }

  /** On TCP. */
  public TransportConfig(
      List<String> proxies, @Nullable TlsConfig tls, @Nullable WebSocketConfig webSocket) {
    this(proxies, tls, webSocket, false);
  }

  /** Whether clients have proved something by the time that they say who they are. */
  public boolean requiresCertificates() {
    return tls != null && tls.clientCertificates() == TlsConfig.ClientCertificates.REQUIRED;
  }

  /** Whether clients come in the same way, whatever else is asked of them. */
  boolean isLike(TransportConfig other) {
    return overQuic == other.overQuic
        && (tls == null) == (other.tls == null)
        && (webSocket == null) == (other.webSocket == null);
  }

  /** What operators call it. */
  public String word() {
    if (overQuic) {
      return "quic";
    }
    return webSocket == null ? (tls == null ? "tcp" : "tls") : (tls == null ? "ws" : "wss");
  }

  /** QUIC, with the TLS that is part of it. */
  public static TransportConfig quic(TlsConfig tls) {
    return new TransportConfig(List.of(), tls, null, true);
  }

  /** TLS and nothing else. */
  public static TransportConfig of(TlsConfig tls) {
    return new TransportConfig(List.of(), tls, null);
  }
}
