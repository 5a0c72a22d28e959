package io.vmqtt.cluster.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that OpenSSL has made, in every form that it writes. */
class PrivateKeysTest {
  private static final Path KEYS = Path.of("src", "test", "resources", "keys");
  private static final TestAuthority AUTHORITY = new TestAuthority("authority");

  @ParameterizedTest
  @CsvSource({
    "rsa-pkcs1.pem, , rsa-pkcs8.pem, RSA",
    "rsa-encrypted.pem, secret, rsa-pkcs8.pem, RSA",
    "ec-sec1.pem, , ec-pkcs8.pem, EC",
    "ed25519-pkcs8.pem, , ed25519-pkcs8.pem, EdDSA"
  })
  void read_eachForm_theSameKey(
      String file, @Nullable String passphrase, String plain, String algorithm) throws Exception {
    PrivateKey key = PrivateKeys.read(pem(file), passphrase);

    assertEquals(secret(PrivateKeys.read(pem(plain), null)), secret(key));
    assertEquals(algorithm, key.getAlgorithm());
  }

  /** What stays the same whatever else is written beside it. */
  private static Object secret(PrivateKey key) {
    return key instanceof ECPrivateKey ec ? ec.getS() : key;
  }

  @Test
  void read_whatIsNoKey_saysWhy() throws Exception {
    String encrypted = pem("rsa-encrypted.pem");
    assertComplains("the key is encrypted, and there is no passphrase", encrypted, null);
    assertComplains("the passphrase is wrong", encrypted, "Secret");
    assertComplains(
        "encrypted in the old way of OpenSSL: 'openssl pkcs8 -topk8' makes PKCS#8 of it",
        pem("rsa-old-encrypted.pem"),
        "secret");
    assertComplains("no private key in PEM", "nothing", null);
    for (String kind : new String[] {"", "RSA ", "EC ", "ENCRYPTED "}) {
      for (String body :
          new String[] {"", "MIG", "MIGHAgEA", "MIL/////", "MIT///////8A", "====="}) {
        String broken =
            "-----BEGIN "
                + kind
                + "PRIVATE KEY-----\n"
                + body
                + "\n-----END "
                + kind
                + "PRIVATE KEY-----\n";
        assertThrows(
            GeneralSecurityException.class, () -> PrivateKeys.read(broken, "secret"), broken);
      }
    }
  }

  private static void assertComplains(String why, String pem, @Nullable String passphrase) {
    assertEquals(
        why,
        assertThrows(GeneralSecurityException.class, () -> PrivateKeys.read(pem, passphrase))
            .getMessage());
  }

  @Test
  void match_ownAndForeign_onlyTheOwn() throws Exception {
    Signed one = AUTHORITY.sign("one");
    Signed other = AUTHORITY.sign("other");
    assertTrue(
        PrivateKeys.match(
            one.bundle().getKeyPair().getPrivate(), one.certificate().getPublicKey()));
    assertFalse(
        PrivateKeys.match(
            one.bundle().getKeyPair().getPrivate(), other.certificate().getPublicKey()));
    assertFalse(
        PrivateKeys.match(
            PrivateKeys.read(pem("rsa-pkcs8.pem"), null), one.certificate().getPublicKey()));
  }

  private static String pem(String file) throws IOException {
    return Files.readString(KEYS.resolve(file));
  }
}
