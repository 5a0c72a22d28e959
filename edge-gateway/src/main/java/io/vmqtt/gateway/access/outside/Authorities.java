package io.vmqtt.gateway.access.outside;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Whose certificates are believed of somebody outside, in place of those whom the JDK believes. */
public final class Authorities {

  private Authorities() {}

  /**
   * TLS that believes those of a file and nobody else.
   *
   * @param pem certificates, one behind the other
   * @throws IllegalArgumentException if there are none
   */
  public static SSLContext tls(byte[] pem) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust(pem).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS is part of every JDK", e);
    }
  }

  /** The same as what libraries of their own want. */
  public static TrustManagerFactory trust(byte[] pem) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate one :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))) {
        store.setCertificateEntry(Integer.toString(store.size()), one);
      }
      if (store.size() == 0) {
        throw new IllegalArgumentException("no certificate in PEM");
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no certificates in PEM", e);
    } catch (IOException e) {
      throw new IllegalStateException("an empty key store cannot be made", e);
    }
  }
}
