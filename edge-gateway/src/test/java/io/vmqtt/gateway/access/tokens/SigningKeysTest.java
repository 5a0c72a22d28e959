package io.vmqtt.gateway.access.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import io.vmqtt.testkit.tokens.EdKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class SigningKeysTest {
  private static final JWSHeader RSA = new JWSHeader(JWSAlgorithm.RS256);
  private static final JWSHeader EC = new JWSHeader(JWSAlgorithm.ES256);
  private static final JWSHeader ED = new JWSHeader(JWSAlgorithm.EdDSA);
  private static final JWSHeader SECRET = new JWSHeader(JWSAlgorithm.HS256);

  private static String all() throws GeneralSecurityException {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
    ec.initialize(Curve.P_256.toECParameterSpec());
    JWKSet set =
        new JWKSet(
            List.of(
                new RSAKey.Builder((RSAPublicKey) rsa.generateKeyPair().getPublic()).build(),
                new ECKey.Builder(Curve.P_256, (ECPublicKey) ec.generateKeyPair().getPublic())
                    .build(),
                new OctetSequenceKey.Builder("s".repeat(32).getBytes(StandardCharsets.UTF_8))
                    .build()));
    String others = set.toString(false);
    String edwards = EdKey.set(new EdKey("ed"));
    return others.replace("[", edwards.substring(edwards.indexOf('['), edwards.indexOf(']')) + ",");
  }

  /** To make a key ready costs more than to look at many a signature. */
  @Test
  void of_asked_givesTheKeysThatWereMadeReadyWhenTheyWereRead() throws GeneralSecurityException {
    SigningKeys read = SigningKeys.read(all());
    SigningKeys joined = SigningKeys.NONE.and(read.open());

    for (JWSHeader header : List.of(RSA, EC, ED)) {
      List<Key> first = read.of(header);

      assertEquals(1, first.size(), header::toString);
      assertSame(first.getFirst(), read.of(header).getFirst(), header::toString);
      assertSame(first.getFirst(), joined.of(header).getFirst(), header::toString);
    }
    assertEquals(1, read.of(SECRET).size());
    assertEquals(0, joined.of(SECRET).size(), "it is a secret");
  }

  /** Such a modulus is no key of RSA for the JDK: those beside it are. */
  @Test
  void read_keyThatCannotBeMadeReady_isLeftOutAndTheOthersAreThere()
      throws GeneralSecurityException {
    String bad =
        "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""
            + com.nimbusds.jose.util.Base64URL.encode(BigInteger.TEN)
            + "\"}";

    SigningKeys read = SigningKeys.read(all().replace("[", "[" + bad + ","));

    assertEquals(5, read.count());
    assertEquals(1, read.of(RSA).size());
  }

  @Test
  void read_noSet_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> SigningKeys.read("{}"));
  }
}
