package io.vmqtt.extension;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who was let in.
 *
 * @param namespace empty: the nameless one
 * @param userName null: nobody knows one
 * @param address where it comes from; null: nobody knows
 * @param certificate that it has proved to be its own; null: none
 * @param claims what its proof says of it, by name
 */
public record Client(
    String namespace,
    String clientId,
    @Nullable String userName,
    @Nullable InetSocketAddress address,
    @Nullable X509Certificate certificate,
    Map<String, String> claims) {

  public Client {
    claims = Map.copyOf(claims);
  }
}
