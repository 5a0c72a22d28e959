package io.vmqtt.cluster.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
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
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a few files in PEM had at one moment, byte by character. Every complaint is an {@link
 * IOException} whose message names the file.
 */
public record PemFiles(Map<Path, String> contents) {
  private static final long MAX_FILE_BYTES = 16 << 20;

  public PemFiles {
    contents = Map.copyOf(contents);
  }

  /** Reads them all. */
  public static PemFiles read(Collection<Path> files) throws IOException {
    Map<Path, String> contents = new HashMap<>();
    for (Path file : files) {
      try {
        if (Files.size(file) > MAX_FILE_BYTES) {
          throw new IOException(file + ": more than " + MAX_FILE_BYTES + " bytes");
        }
        contents.put(file, Files.readString(file, StandardCharsets.ISO_8859_1));
      } catch (NoSuchFileException e) {
        throw new IOException(file + ": there is no such file", e);
      } catch (AccessDeniedException e) {
        throw new IOException(file + ": it may not be read", e);
      }
    }
    return new PemFiles(contents);
  }

  /**
   * A certificate with its key; they are of one pair.
   *
   * @param passphrase the file whose first line the key is encrypted with; null: it is not
   */
  public Certified certified(Path certificate, Path key, @Nullable Path passphrase)
      throws IOException {
    List<X509Certificate> chain = certificates(certificate);
    Certified one = new Certified(key(key, passphrase), chain);
    try {
      if (!PrivateKeys.match(one.key(), one.leaf().getPublicKey())) {
        throw new IOException(key + ": not the key of " + certificate);
      }
    } catch (GeneralSecurityException e) {
      throw unreadable(key, e);
    }
    return one;
  }

  private PrivateKey key(Path file, @Nullable Path passphrase) throws IOException {
    try {
      return PrivateKeys.read(
          text(file), passphrase == null ? null : text(passphrase).lines().findFirst().orElse(""));
    } catch (GeneralSecurityException e) {
      throw unreadable(file, e);
    }
  }

  /** All certificates of a file, at least one. */
  public List<X509Certificate> certificates(Path file) throws IOException {
    try {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in(file)).stream()
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

  /**
   * What believes whatever the authorities of a file have signed.
   *
   * @param revoked the file with the certificates that are no longer good; null: all are
   */
  public TrustManagerFactory trust(Path authorities, @Nullable Path revoked) throws IOException {
    return trust(List.of(authorities), revoked);
  }

  /** What believes whatever the authorities of these files have signed. */
  public X509TrustManager trustManager(List<Path> authorities) throws IOException {
    for (TrustManager trust : trust(authorities, null).getTrustManagers()) {
      if (trust instanceof X509TrustManager one) {
        return one;
      }
    }
    throw new IllegalStateException("PKIX without a trust manager for X.509");
  }

  private TrustManagerFactory trust(List<Path> authorities, @Nullable Path revoked)
      throws IOException {
    Set<TrustAnchor> anchors = new HashSet<>();
    for (Path file : authorities) {
      certificates(file).forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
    }
    try {
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
      parameters.setRevocationEnabled(revoked != null);
      if (revoked != null) {
        parameters.addCertStore(
            CertStore.getInstance(
                "Collection", new CollectionCertStoreParameters(revocations(revoked))));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters));
      return factory;
    } catch (GeneralSecurityException e) {
      throw unreadable(authorities.getFirst(), e);
    }
  }

  private Collection<? extends CRL> revocations(Path file) throws IOException {
    try {
      Collection<? extends CRL> lists =
          CertificateFactory.getInstance("X.509").generateCRLs(in(file));
      if (lists.isEmpty()) {
        throw new IOException(file + ": no list of revoked certificates");
      }
      return lists;
    } catch (GeneralSecurityException e) {
      throw unreadable(file, e);
    }
  }

  private ByteArrayInputStream in(Path file) {
    return new ByteArrayInputStream(text(file).getBytes(StandardCharsets.ISO_8859_1));
  }

  private String text(Path file) {
    return contents.getOrDefault(file, "");
  }

  private static IOException unreadable(Path file, GeneralSecurityException cause) {
    return new IOException(file + ": " + cause.getMessage(), cause);
  }
}
