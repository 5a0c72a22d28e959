package io.vmqtt.gateway.access;

import io.vmqtt.model.Namespace;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * What a client says that it is, and what is known of it without its word.
 *
 * @param namespace of the listener that it came to
 * @param clientId not empty: that of the CONNECT, or the one that was assigned
 * @param userName null: it sent none
 * @param password null: it sent none
 * @param peer where it comes from; null where the transport cannot tell
 * @param certificate what the transport found it to have; null: none
 * @param proxied the common name of the certificate that a proxy has found it to have; null: none
 */
public record Credentials(
    Namespace namespace,
    String clientId,
    @Nullable String userName,
    @Nullable Password password,
    @Nullable SocketAddress peer,
    @Nullable X509Certificate certificate,
    @Nullable String proxied) {

  /** Of one of whom no proxy has said anything. */
  public Credentials(
      Namespace namespace,
      String clientId,
      @Nullable String userName,
      @Nullable Password password,
      @Nullable SocketAddress peer,
      @Nullable X509Certificate certificate) {
    this(namespace, clientId, userName, password, peer, certificate, null);
  }

  /** The same with a password. */
  public Credentials with(@Nullable Password another) {
    return new Credentials(namespace, clientId, userName, another, peer, certificate, proxied);
  }

  /** The same with the user name that its client has said otherwise; null: it has not. */
  public Credentials claiming(@Nullable String another) {
    return another == null
        ? this
        : new Credentials(namespace, clientId, another, password, peer, certificate, proxied);
  }

  /** The identity of whoever has these, in a namespace. */
  public Identity identity(Namespace in) {
    return identity(in, userName);
  }

  /** The same, with a user name that is known otherwise. */
  public Identity identity(Namespace in, @Nullable String user) {
    return new Identity(in, clientId, user, peer, certificate);
  }
}
