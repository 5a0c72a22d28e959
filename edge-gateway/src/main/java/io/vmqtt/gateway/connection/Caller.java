package io.vmqtt.gateway.connection;

import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * What the transport knows of a client before it says anything.
 *
 * @param address where it comes from; null where the transport cannot tell
 * @param certificate what it has proved to have; null: none
 * @param proxied the common name of the certificate that a proxy has found it to have; null: none
 */
public record Caller(
    @Nullable SocketAddress address,
    @Nullable X509Certificate certificate,
    @Nullable String proxied) {
  /** One of whom nothing is known. */
  public static final Caller UNKNOWN = new Caller(null, null);

  /** One of whom no proxy has said anything. */
  public Caller(@Nullable SocketAddress address, @Nullable X509Certificate certificate) {
    this(address, certificate, null);
  }
}
