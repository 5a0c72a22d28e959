package io.vmqtt.gateway.tls;

import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.config.TlsConfig.CertificateFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CRL;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a listener shows of itself, and whom it believes: read from its files, and found to go
 * together.
 *
 * @param all its certificates, at least one
 * @param clients tells good certificates of clients; null: they are not asked
 */
record ServerCredentials(List<Certified> all, @Nullable TrustManagerFactory clients) {
  private static final long MAX_FILE_BYTES = 16 << 20;

  /**
   * A certificate and its key.
   *
   * @param chain the certificate, and those that lead to its authority
   */
  record Certified(PrivateKey key, List<X509Certificate> chain) {
    Certified {
      chain = List.copyOf(chain);
    }

    X509Certificate leaf() {
      return chain.getFirst();
    }
  }

  ServerCredentials {
    all = List.copyOf(all);
  }

  /** The moment from which clients no longer believe one of the certificates. */
  Instant notAfter() {
    return all.stream()
        .map(one -> one.leaf().getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  /**
   * What the files have now, byte by character.
   *
   * @throws IOException if one cannot be read; the message names it
   */
  static Map<Path, String> contents(List<Path> files) throws IOException {
    Map<Path, String> contents = new HashMap<>();
    for (Path file : files) {
      try {
        if (Files.size(file) > MAX_FILE_BYTES) {
          throw new IOException(file + ": more than " + MAX_FILE_BYTES + " bytes");
        }
        contents.put(file, Files.readString(file, StandardCharsets.ISO_8859_1));
      } catch (NoSuchFileException e) {
        throw new IOException(file + ": there is no such file", e);
      }
    }
    return contents;
  }

  /**
   * Makes something of them.
   *
   * @throws IOException if that cannot be; the message names the file
   */
  static ServerCredentials of(TlsConfig config, Map<Path, String> contents) throws IOException {
    List<Certified> all = new ArrayList<>();
    for (CertificateFiles files : config.certificates()) {
      List<X509Certificate> chain = certificates(files.certificate(), contents);
      PrivateKey key = key(files.key(), config.keyPassphrase(), contents);
      Certified one = new Certified(key, chain);
      requireMatch(files, one);
      all.add(one);
    }
    return new ServerCredentials(all, clients(config, contents));
  }

  private static void requireMatch(CertificateFiles files, Certified one) throws IOException {
    try {
      if (!PrivateKeys.match(one.key(), one.leaf().getPublicKey())) {
        throw new IOException(files.key() + ": not the key of " + files.certificate());
      }
    } catch (GeneralSecurityException e) {
      throw unreadable(files.key(), e);
    }
  }

  private static PrivateKey key(Path file, @Nullable Path passphrase, Map<Path, String> contents)
      throws IOException {
    try {
      return PrivateKeys.read(
          text(file, contents),
          passphrase == null ? null : text(passphrase, contents).lines().findFirst().orElse(""));
    } catch (GeneralSecurityException e) {
      throw unreadable(file, e);
    }
  }

  private static List<X509Certificate> certificates(Path file, Map<Path, String> contents)
      throws IOException {
    try {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in(file, contents)).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (certificates.isEmpty()) {
        throw new IOException(file + ": no certificate in PEM");
      }
      return certificates;
    } catch (CertificateException e) {
      throw unreadable(file, e);
    }
  }

  private static @Nullable TrustManagerFactory clients(TlsConfig config, Map<Path, String> contents)
      throws IOException {
    Path authorities = config.clientCa();
    if (authorities == null) {
      return null;
    }
    try {
      PKIXBuilderParameters parameters =
          new PKIXBuilderParameters(
              certificates(authorities, contents).stream()
                  .map(authority -> new TrustAnchor(authority, null))
                  .collect(Collectors.toSet()),
              new X509CertSelector());
      Path revoked = config.clientCrl();
      parameters.setRevocationEnabled(revoked != null);
      if (revoked != null) {
        parameters.addCertStore(
            CertStore.getInstance(
                "Collection", new CollectionCertStoreParameters(lists(revoked, contents))));
      }
      return factory(new CertPathTrustManagerParameters(parameters));
    } catch (GeneralSecurityException e) {
      throw unreadable(authorities, e);
    }
  }

  private static TrustManagerFactory factory(CertPathTrustManagerParameters parameters)
      throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(parameters);
    return factory;
  }

  private static Collection<? extends CRL> lists(Path file, Map<Path, String> contents)
      throws IOException {
    try {
      Collection<? extends CRL> lists =
          CertificateFactory.getInstance("X.509").generateCRLs(in(file, contents));
      if (lists.isEmpty()) {
        throw new IOException(file + ": no list of revoked certificates");
      }
      return lists;
    } catch (GeneralSecurityException e) {
      throw unreadable(file, e);
    }
  }

  private static ByteArrayInputStream in(Path file, Map<Path, String> contents) {
    return new ByteArrayInputStream(text(file, contents).getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String text(Path file, Map<Path, String> contents) {
    return contents.getOrDefault(file, "");
  }

  private static IOException unreadable(Path file, GeneralSecurityException cause) {
    return new IOException(file + ": " + cause.getMessage(), cause);
  }
}
