package io.vmqtt.testkit.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.RevocationServer;
import io.netty.pkitesting.X509Bundle;
import io.vmqtt.testkit.machine.Command;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** An authority whose certificates somebody in a test believes. */
public final class TestAuthority {
  private static final Duration LIFE = Duration.ofDays(90);
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final X509Bundle root;

  /** A new one. */
  public TestAuthority(String name) {
    try {
      root =
          new CertificateBuilder()
              .subject("CN=" + name)
              .ecp256()
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
    } catch (Exception e) {
      throw new IllegalStateException("no authority " + name, e);
    }
  }

  /** A certificate that it has signed, with its key. */
  public record Signed(X509Bundle bundle) {

    public X509Certificate certificate() {
      return bundle.getCertificate();
    }

    /** The key that belongs to it. */
    public PrivateKey privateKey() {
      return bundle.getKeyPair().getPrivate();
    }

    /** Writes the certificate, in PEM. */
    public Path certificateTo(Path file) {
      return write(file, bundle.getCertificatePathPEM());
    }

    /** Writes its key, in PKCS#8. */
    public Path keyTo(Path file) {
      return write(file, bundle.getPrivateKeyPEM());
    }
  }

  /** A certificate that is good for 90 days, of whoever serves at this machine's own address. */
  public Signed sign(String name) {
    return sign(name, "localhost", Instant.now().plus(LIFE));
  }

  /** A certificate for another host, or with another end. */
  public Signed sign(String name, String host, Instant notAfter) {
    try {
      CertificateBuilder builder =
          new CertificateBuilder()
              .subject("CN=" + name)
              .ecp256()
              .notBefore(notAfter.minus(LIFE.multipliedBy(2)))
              .notAfter(notAfter)
              .addSanDnsName(host);
      if (host.equals("localhost")) {
        builder.addSanIpAddress("127.0.0.1");
      }
      return new Signed(builder.buildIssuedBy(root));
    } catch (Exception e) {
      throw new IllegalStateException("no certificate for " + name, e);
    }
  }

  /** A certificate, good for 90 days, whose other names are these URIs. */
  public Signed signUris(String name, String... uris) {
    try {
      CertificateBuilder builder = new CertificateBuilder().subject("CN=" + name).ecp256();
      for (String uri : uris) {
        builder.addSanUriName(uri);
      }
      return new Signed(builder.notAfter(Instant.now().plus(LIFE)).buildIssuedBy(root));
    } catch (Exception e) {
      throw new IllegalStateException("no certificate for " + name, e);
    }
  }

  /** Writes its own certificate, in PEM. */
  public Path certificateTo(Path file) {
    return write(file, root.getCertificatePEM());
  }

  /** Writes the list of those that are no longer good: these. */
  public Path revokedTo(Path file, Signed... revoked) {
    try {
      RevocationServer server = RevocationServer.getInstance();
      server.register(root);
      for (Signed one : revoked) {
        server.revoke(one.bundle(), Instant.now());
      }
      try (InputStream list = server.getCrlUri(root).toURL().openStream()) {
        Files.write(file, list.readAllBytes());
      }
      return file;
    } catch (Exception e) {
      throw new IllegalStateException("no list of revoked certificates", e);
    }
  }

  /**
   * Writes a list of nobody, for which there should have been a next one long ago.
   *
   * @param folder for its files
   */
  public Path outdatedListTo(Path file, Path folder) {
    Path configuration =
        write(
            folder.resolve("authority.cnf"),
            "[ca]\ndefault_ca = one\n[one]\ndatabase = "
                + write(folder.resolve("authority.txt"), "")
                + "\ndefault_md = sha256\n");
    Command.run(
        "openssl",
        "ca",
        "-config",
        configuration.toString(),
        "-gencrl",
        "-cert",
        certificateTo(folder.resolve("authority.pem")).toString(),
        "-keyfile",
        write(folder.resolve("authority.key"), root.getPrivateKeyPEM()).toString(),
        "-crl_lastupdate",
        "20260101000000Z",
        "-crl_nextupdate",
        "20260102000000Z",
        "-out",
        file.toString());
    return file;
  }

  /**
   * What a client has that believes it.
   *
   * @param own the client's certificate; null: it has none
   */
  public SSLContext client(@Nullable Signed own) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          own == null ? null : keys(own).getKeyManagers(),
          trust().getTrustManagers(),
          new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no TLS for a client", e);
    }
  }

  /** Believes it. */
  public TrustManagerFactory trust() {
    return root.toTrustManagerFactory();
  }

  /** Shows a certificate, whoever has signed it. */
  public static KeyManagerFactory keys(Signed own) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, PASSWORD);
      store.setKeyEntry(
          "own",
          own.bundle().getKeyPair().getPrivate(),
          PASSWORD,
          own.bundle().getCertificatePath());
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD);
      return keys;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no keys for a client", e);
    }
  }

  private static Path write(Path file, String pem) {
    try {
      return Files.writeString(file, pem);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
