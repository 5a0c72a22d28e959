package io.vmqtt.gateway.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lies between TCP and MQTT for the clients of a listener, from the outside to the inside.
 *
 * @param proxies networks, such as {@code 10.0.0.0/8}, of proxies that say with the PROXY protocol
 *     who comes; empty: there are none
 * @param tls null: none
 * @param webSocket null: none
 */
public record TransportConfig(
    List<String> proxies, @Nullable TlsConfig tls, @Nullable WebSocketConfig webSocket) {
  /** Nothing. */
  public static final TransportConfig TCP = new TransportConfig(List.of(), null, null);

  public TransportConfig {
    proxies = List.copyOf(proxies);
  }

  /** Whether clients have proved something by the time that they say who they are. */
  public boolean requiresCertificates() {
    return tls != null && tls.clientCertificates() == TlsConfig.ClientCertificates.REQUIRED;
  }

  /** Whether clients come in the same way, whatever else is asked of them. */
  boolean isLike(TransportConfig other) {
    return (tls == null) == (other.tls == null) && (webSocket == null) == (other.webSocket == null);
  }

  /** TLS and nothing else. */
  public static TransportConfig of(TlsConfig tls) {
    return new TransportConfig(List.of(), tls, null);
  }
}
