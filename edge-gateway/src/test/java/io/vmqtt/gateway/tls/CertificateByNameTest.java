package io.vmqtt.gateway.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of a certificate that OpenSSL has made. */
class CertificateByNameTest {
  private static final Path CERTIFICATE =
      Path.of("src", "test", "resources", "keys", "several-names.pem");

  @ParameterizedTest
  @CsvSource({
    "one.example, true",
    "x.wild.example, true",
    "wild.example, false",
    "x.y.wild.example, false",
    "cn.example, false", // names of a subject are none of a host any more
    "127.0.0.1, false"
  })
  void isFor_nameAndAsterisk_oneLabelAndNoMore(String name, boolean expected) throws Exception {
    try (InputStream in = Files.newInputStream(CERTIFICATE)) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      assertEquals(expected, CertificateByName.isFor(name, certificate));
    }
  }
}
