package io.vmqtt.gateway.tls;

import io.vmqtt.cluster.tls.Certified;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among several certificates the one for the name that a client has asked for (SNI), and
 * the first where it has asked for none, or for one that nobody here has. Immutable.
 */
final class CertificateByName extends X509ExtendedKeyManager {
  private static final int DNS_NAME = 2;

  private final List<Certified> all;

  CertificateByName(List<Certified> all) {
    this.all = List.copyOf(all);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    List<String> asked = asked(engine);
    int[] named = indices(one -> asked.stream().anyMatch(name -> isFor(name, one.leaf())));
    int[] candidates = named.length > 0 ? named : indices(one -> true);
    return IntStream.of(candidates)
        .filter(i -> all.get(i).fits(keyType))
        .mapToObj(Integer::toString)
        .findFirst()
        .orElse(null);
  }

  private int[] indices(Predicate<Certified> which) {
    return IntStream.range(0, all.size()).filter(i -> which.test(all.get(i))).toArray();
  }

  private static List<String> asked(SSLEngine engine) {
    return engine.getHandshakeSession() instanceof ExtendedSSLSession session
        ? session.getRequestedServerNames().stream()
            .filter(SNIHostName.class::isInstance)
            .map(name -> ((SNIHostName) name).getAsciiName().toLowerCase(Locale.ROOT))
            .toList()
        : List.of();
  }

  /** Whether the certificate has that name, or one with an asterisk for its first label. */
  static boolean isFor(String name, X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names != null
          && names.stream()
              .filter(one -> one.getFirst().equals(DNS_NAME))
              .map(one -> String.valueOf(one.getLast()).toLowerCase(Locale.ROOT))
              .anyMatch(own -> own.equals(name) || own.equals(name.replaceFirst("^[^.]+", "*")));
    } catch (CertificateParsingException e) {
      return false; // it has been read: there are names that Java does not understand
    }
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return all.get(Integer.parseInt(alias)).key();
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return all.get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return IntStream.of(indices(one -> one.fits(keyType)))
        .mapToObj(Integer::toString)
        .toArray(String[]::new);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null; // there are engines here, no sockets
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
