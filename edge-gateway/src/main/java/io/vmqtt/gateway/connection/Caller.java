package io.vmqtt.gateway.connection;

import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * What the transport knows of a client before it says anything.
 *
 * @param address where it comes from; null where the transport cannot tell
 * @param certificate what it has proved to have; null: none
 */
public record Caller(@Nullable SocketAddress address, @Nullable X509Certificate certificate) {
  /** One of whom nothing is known. */
  public static final Caller UNKNOWN = new Caller(null, null);
}
