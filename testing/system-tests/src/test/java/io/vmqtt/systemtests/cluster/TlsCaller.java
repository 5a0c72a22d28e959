package io.vmqtt.systemtests.cluster;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Somebody who has a certificate of a cluster, and calls whom he likes. */
final class TlsCaller {
  private static final String HOST = "127.0.0.1";
  private static final int PATIENCE_MILLIS = 30_000;
  private static final char[] PASSWORD = "none".toCharArray();

  private static final byte[] BEGINNING_OF_A_HANDSHAKE = {0x16, 3, 1, 0, 100, 1};

  private final SSLContext tls;

  /** With the certificate of a role. */
  TlsCaller(Path certificates, String role) {
    try {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, PASSWORD);
      own.setKeyEntry(
          role,
          key(certificates.resolve(role + ".key")),
          PASSWORD,
          new X509Certificate[] {certificate(certificates.resolve(role + ".pem"))});
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(own, PASSWORD);
      KeyStore authorities = KeyStore.getInstance("PKCS12");
      authorities.load(null, PASSWORD);
      authorities.setCertificateEntry("ca", certificate(certificates.resolve("ca.pem")));
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(authorities);
      tls = SSLContext.getInstance("TLS");
      tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no TLS as " + role, e);
    }
  }

  static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
  }

  private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    String base64 = Files.readString(file).replaceAll("-----.*-----", "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
  }

  /** Somebody without a certificate, who begins a handshake and goes no further. */
  static Socket begin(String from, int port) throws IOException {
    Socket socket = new Socket(InetAddress.ofLiteral(HOST), port, InetAddress.ofLiteral(from), 0);
    socket.getOutputStream().write(BEGINNING_OF_A_HANDSHAKE);
    return socket;
  }

  /**
   * Calls, and hears the first byte of what is said.
   *
   * @return the certificate of whom it has called
   * @throws IOException if it is refused
   */
  X509Certificate call(int port) throws IOException {
    try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(HOST, port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      if (socket.getInputStream().read() < 0) {
        throw new IOException("closed without a word");
      }
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }
}
