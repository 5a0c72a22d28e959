package io.vmqtt.extension;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who connects, and what it says of itself.
 *
 * @param namespace of that listener; empty: the nameless one
 * @param clientId not empty
 * @param userName null: it said none
 * @param password bytes, which need be no text; null: it sent none. A copy
 * @param address where it comes from; null: nobody knows
 * @param certificate that it has proved to be its own; null: none
 */
@SuppressWarnings("ArrayRecordComponent") // a copy, which is never compared
public record Newcomer(
    String namespace,
    String clientId,
    @Nullable String userName,
    byte @Nullable [] password,
    @Nullable InetSocketAddress address,
    @Nullable X509Certificate certificate) {

  /** Without the password. */
  @Override
  public String toString() {
    return "Newcomer[namespace="
        + namespace
        + ", clientId="
        + clientId
        + ", userName="
        + userName
        + ", address="
        + address
        + ']';
  }
}
