package io.vmqtt.gateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.pkitesting.CertificateBuilder;
import io.vmqtt.gateway.access.CertificateUsers.Part;
import io.vmqtt.model.Namespace;
import io.vmqtt.testkit.tls.TestAuthority;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CertificateUsersTest {
  private final X509Certificate certificate =
      new TestAuthority("devices")
          .sign("pump\\, 7+UID=p,O=Plant", "pump-7.plant.example", Instant.now().plusSeconds(60))
          .certificate();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "COMMON_NAME | .+                          | pump, 7",
        "COMMON_NAME | pump, (\\d)                 | 7",
        "COMMON_NAME | pump                        |",
        "COMMON_NAME | (x)?pump.*                  |",
        "DNS_NAME    | .+                          | pump-7.plant.example",
        "DNS_NAME    | ([^.]+)\\.plant\\.example   | pump-7",
        "EMAIL       | .*                          |",
      })
  void judge_certificate_userIsWhatThePatternFinds(
      Part part, String pattern, @Nullable String user) {
    assertEquals(Optional.ofNullable(user), user(part, pattern, certificate));
  }

  /** Names of every kind, several of some. */
  private static X509Certificate named() throws Exception {
    return new CertificateBuilder()
        .subject("CN=pump 7,OU=north,O=Plant\\, Inc")
        .ecp256()
        .setIsCertificateAuthority(true) // else nobody could have signed it
        .addSanDnsName("pump-7.plant.example")
        .addSanUriName("spiffe://plant.example/north/pump-7")
        .addSanUriName("spiffe://plant.example/another")
        .addSanIpAddress("2001:db8::7")
        .addSanIpAddress("192.0.2.7")
        .addSanRfc822Name("pump-7@plant.example")
        .buildSelfSigned()
        .getCertificate();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "URI         | .+                                       | spiffe://plant.example/north/pump-7",
        "URI         | spiffe://plant\\.example/north/([^/]+)    | pump-7",
        "URI         | spiffe://other\\.example/.+              |",
        "IP_ADDRESS  | .+                                       | 2001:db8:0:0:0:0:0:7",
        "EMAIL       | ([^@]+)@plant\\.example                  | pump-7",
        "SUBJECT     | .+                                       | CN=pump 7,OU=north,O=Plant\\, Inc",
        "SUBJECT     | CN=([^,]+),OU=north,.*                   | pump 7",
        "SUBJECT     | CN=([^,]+),OU=south,.*                   |",
      })
  void judge_namesOfEveryKind_userIsWhatThePatternFinds(
      Part part, String pattern, @Nullable String user) throws Exception {
    assertEquals(Optional.ofNullable(user), user(part, pattern, named()));
  }

  @ParameterizedTest
  @EnumSource(names = {"URI", "IP_ADDRESS", "EMAIL"})
  void judge_certificateWithoutSuchAName_isForAnotherMethod(Part part) {
    assertEquals(Optional.empty(), user(part, ".*", certificate));
  }

  @Test
  void judge_fingerprint_isThatOfTheWholeCertificate() throws Exception {
    assertEquals(
        Optional.of(
            HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()))),
        user(Part.FINGERPRINT, ".+", certificate));
  }

  @Test
  void judge_noCertificate_isForAnotherMethod() {
    assertEquals(Optional.empty(), user(Part.COMMON_NAME, ".*", null));
  }

  /** Whatever user name the client says. */
  private static Optional<String> user(
      Part part, String pattern, @Nullable X509Certificate certificate) {
    return new CertificateUsers(part, Pattern.compile(pattern))
        .judge(new Credentials(Namespace.NAMELESS, "c", "root", null, null, certificate))
        .join()
        .map(answer -> answer instanceof Authentication.Accepted(Identity who) ? who : null)
        .map(Identity::userName);
  }
}
