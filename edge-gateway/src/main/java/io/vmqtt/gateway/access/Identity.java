package io.vmqtt.gateway.access;

import io.vmqtt.cluster.access.NamedClient;
import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.cluster.access.WillOwner;
import io.vmqtt.model.Namespace;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who a connection is, once it is authenticated; complete before a shard is asked anything in its
 * name. What lies behind the gateway sees the namespace and the client id alone, but for {@link
 * #willOwner}, which is kept with a will.
 *
 * @param namespace where its client id and its topics are
 * @param clientId not empty
 * @param userName null: nobody knows one
 * @param peer where it comes from; null where the transport cannot tell
 * @param certificate what the transport found it to have; null: none
 * @param claims what its proof says of it beside that, by name
 * @param untilMillis when its proof ends, in milliseconds of the epoch; {@link Long#MAX_VALUE}:
 *     never
 * @param rules what it may do, as its proof says; null: it says nothing of it
 * @param ready the same rules, ready to be asked; null: nobody has made them so
 */
public record Identity(
    Namespace namespace,
    String clientId,
    @Nullable String userName,
    @Nullable SocketAddress peer,
    @Nullable X509Certificate certificate,
    Map<String, String> claims,
    long untilMillis,
    @Nullable OwnRules rules,
    @Nullable ReadyRules ready)
    implements NamedClient {

  public Identity {
    claims = Map.copyOf(claims);
  }

  /** Whose rules nobody has made ready. */
  public Identity(
      Namespace namespace,
      String clientId,
      @Nullable String userName,
      @Nullable SocketAddress peer,
      @Nullable X509Certificate certificate,
      Map<String, String> claims,
      long untilMillis,
      @Nullable OwnRules rules) {
    this(namespace, clientId, userName, peer, certificate, claims, untilMillis, rules, null);
  }

  /** Whose proof says nothing of what it may do. */
  public Identity(
      Namespace namespace,
      String clientId,
      @Nullable String userName,
      @Nullable SocketAddress peer,
      @Nullable X509Certificate certificate,
      Map<String, String> claims,
      long untilMillis) {
    this(namespace, clientId, userName, peer, certificate, claims, untilMillis, null);
  }

  /** Whose proof does not end. */
  public Identity(
      Namespace namespace,
      String clientId,
      @Nullable String userName,
      @Nullable SocketAddress peer,
      @Nullable X509Certificate certificate,
      Map<String, String> claims) {
    this(namespace, clientId, userName, peer, certificate, claims, Long.MAX_VALUE);
  }

  /** Whose proof says nothing else. */
  public Identity(
      Namespace namespace,
      String clientId,
      @Nullable String userName,
      @Nullable SocketAddress peer,
      @Nullable X509Certificate certificate) {
    this(namespace, clientId, userName, peer, certificate, Map.of());
  }

  /** The same until another time. */
  public Identity until(long millis) {
    return new Identity(
        namespace, clientId, userName, peer, certificate, claims, millis, rules, ready);
  }

  /** The same with rules of its own; null: none. */
  public Identity with(@Nullable OwnRules own) {
    return new Identity(namespace, clientId, userName, peer, certificate, claims, untilMillis, own);
  }

  /** Whether another proof says the same, be it for another time, or with rules made ready anew. */
  public boolean isProvenAs(Identity other) {
    return with(rules).equals(other.until(untilMillis).with(other.rules));
  }

  /** The same with its rules made ready. */
  public Identity ready(ReadyRules made) {
    return new Identity(
        namespace, clientId, userName, peer, certificate, claims, untilMillis, rules, made);
  }

  /** The same where it comes from another place. */
  public Identity from(@Nullable SocketAddress place, @Nullable X509Certificate shown) {
    return new Identity(
        namespace, clientId, userName, place, shown, claims, untilMillis, rules, ready);
  }

  @Override
  public @Nullable String certificateName() {
    return certificate == null ? null : CommonName.of(certificate);
  }

  @Override
  public @Nullable String claim(String name) {
    return claims.get(name);
  }

  /** As much of it as is kept with a will, whose topic the rules of all decide about. */
  public WillOwner willOwner() {
    return new WillOwner(namespace, clientId, userName, certificateName(), claims);
  }

  /** Whether another identity is of the same client and user, whatever their proofs say. */
  boolean isSameUser(Identity other) {
    return namespace.equals(other.namespace)
        && clientId.equals(other.clientId)
        && Objects.equals(userName, other.userName);
  }
}
