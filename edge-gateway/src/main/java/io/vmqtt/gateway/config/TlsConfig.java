package io.vmqtt.gateway.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a listener's TLS, in PEM, and what it asks of its clients.
 *
 * @param certificate of the broker, and behind it those that lead to its authority
 * @param key of the certificate
 * @param keyPassphrase what the key is encrypted with; null: it is not
 * @param clientCertificates whether clients have to show one
 * @param clientCa who may sign those; null where clients show none
 * @param clientCrl which of those are no longer good; null: all are
 */
public record TlsConfig(
    Path certificate,
    Path key,
    @Nullable Path keyPassphrase,
    ClientCertificates clientCertificates,
    @Nullable Path clientCa,
    @Nullable Path clientCrl) {

  /** What a listener asks of its clients. */
  public enum ClientCertificates {
    /** They are not asked. */
    NONE,
    /** Whoever shows one has to show a good one. */
    OPTIONAL,
    /** Nobody comes without. */
    REQUIRED
  }

  public TlsConfig {
    if ((clientCa == null) != (clientCertificates == ClientCertificates.NONE)) {
      throw new IllegalArgumentException(
          "client-ca=FILE and client-certificates=optional or required need one another");
    }
    if (clientCrl != null && clientCa == null) {
      throw new IllegalArgumentException("client-crl=FILE needs client-ca=FILE");
    }
  }

  /** All of its files. */
  public List<Path> files() {
    return Stream.of(certificate, key, keyPassphrase, clientCa, clientCrl)
        .filter(Objects::nonNull)
        .toList();
  }
}
