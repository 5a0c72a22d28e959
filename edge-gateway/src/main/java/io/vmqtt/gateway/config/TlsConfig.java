package io.vmqtt.gateway.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a listener's TLS, in PEM, and what it asks of its clients.
 *
 * @param certificates of the broker: the one for the name that a client asks for is shown, else the
 *     first
 * @param keyPassphrase what keys are encrypted with; null: they are not
 * @param clientCertificates whether clients have to show one
 * @param clientCa who may sign those; null where clients show none
 * @param clientCrl which of those are no longer good; null: all are
 */
public record TlsConfig(
    List<CertificateFiles> certificates,
    @Nullable Path keyPassphrase,
    ClientCertificates clientCertificates,
    @Nullable Path clientCa,
    @Nullable Path clientCrl) {

  /**
   * A certificate.
   *
   * @param certificate and behind it those that lead to its authority
   * @param key of the certificate
   */
  public record CertificateFiles(Path certificate, Path key) {}

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
    certificates = List.copyOf(certificates);
    if ((clientCa == null) != (clientCertificates == ClientCertificates.NONE)) {
      throw new IllegalArgumentException(
          "client-ca=FILE and client-certificates=optional or required need one another");
    }
    if (clientCrl != null && clientCa == null) {
      throw new IllegalArgumentException("client-crl=FILE needs client-ca=FILE");
    }
  }

  /** One that has one certificate. */
  public TlsConfig(
      Path certificate,
      Path key,
      @Nullable Path keyPassphrase,
      ClientCertificates clientCertificates,
      @Nullable Path clientCa,
      @Nullable Path clientCrl) {
    this(
        List.of(new CertificateFiles(certificate, key)),
        keyPassphrase,
        clientCertificates,
        clientCa,
        clientCrl);
  }

  /** All of its files. */
  public List<Path> files() {
    return Stream.concat(
            certificates.stream().flatMap(one -> Stream.of(one.certificate(), one.key())),
            Stream.of(keyPassphrase, clientCa, clientCrl))
        .filter(Objects::nonNull)
        .toList();
  }
}
