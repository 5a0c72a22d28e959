package io.vmqtt.cluster.identity;

import io.vmqtt.cluster.tls.Certified;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the certificate of the moment. It is chosen, and then asked for by its alias in several
 * steps: the one before is known, too, so that a change between two steps harms nobody.
 */
final class OwnCertificate extends X509ExtendedKeyManager {
  private final Supplier<List<Certified>> known;

  /** The first of those that are known is the one of the moment. */
  OwnCertificate(Supplier<List<Certified>> known) {
    this.known = known;
  }

  private static String alias(Certified one) {
    return one.leaf().getSerialNumber().toString(Character.MAX_RADIX);
  }

  private @Nullable String chosen(Stream<String> keyTypes) {
    Certified own = known.get().getFirst();
    return keyTypes.anyMatch(own::fits) ? alias(own) : null;
  }

  private @Nullable Certified find(String alias) {
    return known.get().stream().filter(one -> alias(one).equals(alias)).findFirst().orElse(null);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    return chosen(Stream.of(keyTypes));
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return chosen(Stream.of(keyType));
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Certified one = find(alias);
    return one == null ? null : one.key();
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    Certified one = find(alias);
    return one == null ? null : one.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return getServerAliases(keyType, issuers);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    String alias = chosen(Stream.of(keyType));
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chosen(Stream.of(keyTypes));
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chosen(Stream.of(keyType));
  }
}
