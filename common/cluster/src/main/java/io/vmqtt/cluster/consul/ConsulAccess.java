package io.vmqtt.cluster.consul;

import io.vmqtt.cluster.tls.Certified;
import io.vmqtt.cluster.tls.PemFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How this process is let in by Consul, and knows it. The files are followed while it runs.
 *
 * @param token the file whose first line is an ACL token; null: there is none
 * @param authority who has signed Consul's certificate, in PEM; null: it speaks no TLS
 * @param certificate what this process shows, in PEM; null: nothing
 * @param key of the certificate
 */
public record ConsulAccess(
    @Nullable Path token,
    @Nullable Path authority,
    @Nullable Path certificate,
    @Nullable Path key) {
  /** A Consul that lets everybody in, in clear text. */
  public static final ConsulAccess OPEN = new ConsulAccess(null, null, null, null);

  private static final char[] IN_MEMORY = "in memory".toCharArray();

  /**
   * @throws IllegalArgumentException if some of it is of no use without the rest
   */
  public ConsulAccess {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException("a certificate and its key need one another");
    }
    if (certificate != null && authority == null) {
      throw new IllegalArgumentException("a certificate needs an authority: it is for TLS");
    }
  }

  /**
   * The token of the moment: the file is read anew, so that a token can be replaced.
   *
   * @return null: there is none
   * @throws IOException if it cannot be read; the message names the file
   */
  @Nullable String currentToken() throws IOException {
    if (token == null) {
      return null;
    }
    try (Stream<String> lines = Files.lines(token)) {
      String first = lines.findFirst().orElse("").strip();
      if (first.isEmpty()) {
        throw new IOException(token + ": no token in its first line");
      }
      return first;
    } catch (NoSuchFileException e) {
      throw new IOException(token + ": there is no such file", e);
    } catch (UncheckedIOException e) {
      throw new IOException(token + ": cannot be read as text", e);
    }
  }

  /** What TLS is made of; empty: there is none. */
  List<Path> tlsFiles() {
    return authority == null
        ? List.of()
        : Stream.of(authority, certificate, key).filter(Objects::nonNull).toList();
  }

  /**
   * TLS as these files say.
   *
   * @throws IOException if they are of no use; the message names one
   */
  SSLContext tls(PemFiles files) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(files), files.trust(theAuthority(), null).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS for Consul: " + e.getMessage(), e);
    }
  }

  /** From when on these files are of no use: what is shown has expired, or all authorities have. */
  Instant notAfter(PemFiles files) throws IOException {
    Instant believed =
        files.certificates(theAuthority()).stream()
            .map(one -> one.getNotAfter().toInstant())
            .max(Comparator.naturalOrder())
            .orElseThrow();
    if (certificate == null || key == null) {
      return believed;
    }
    Instant shown = files.certified(certificate, key, null).notAfter();
    return shown.isBefore(believed) ? shown : believed;
  }

  private Path theAuthority() {
    return Objects.requireNonNull(authority, "there is no TLS without an authority");
  }

  private KeyManager @Nullable [] keys(PemFiles files)
      throws IOException, GeneralSecurityException {
    if (certificate == null || key == null) {
      return null;
    }
    Certified own = files.certified(certificate, key, null);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("own", own.key(), IN_MEMORY, own.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, IN_MEMORY);
    return factory.getKeyManagers();
  }
}
