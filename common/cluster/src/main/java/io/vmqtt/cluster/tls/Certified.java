package io.vmqtt.cluster.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A certificate and its key.
 *
 * @param chain the certificate, and those that lead to its authority
 */
public record Certified(PrivateKey key, List<X509Certificate> chain) {
  public Certified {
    chain = List.copyOf(chain);
  }

  /** The certificate itself. */
  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /** The moment from which nobody believes it any longer. */
  public Instant notAfter() {
    return leaf().getNotAfter().toInstant();
  }

  /**
   * Whether it can be shown where a key of that type is asked for.
   *
   * @param keyType as JSSE has it, also where it names beside the key who has signed its
   *     certificate: {@code EC}, {@code EC_RSA}
   */
  public boolean fits(String keyType) {
    String algorithm = key.getAlgorithm();
    return keyType.equals(algorithm) || keyType.startsWith(algorithm + "_");
  }
}
