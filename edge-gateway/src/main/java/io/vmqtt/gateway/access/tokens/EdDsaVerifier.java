package io.vmqtt.gateway.access.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Set;

/**
 * Looks at signatures by Ed25519 (RFC 8037) with what the JDK has for it; that of Nimbus wants a
 * library of its own.
 */
final class EdDsaVerifier implements JWSVerifier {
  static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);

  private static final String CURVE = "Ed25519";
  private static final int KEY_BYTES = 32;

  /** What stands before the 32 bytes of a public key (RFC 8410). */
  private static final byte[] KEY_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final PublicKey key;
  private final JCAContext context = new JCAContext();

  EdDsaVerifier(PublicKey key) {
    this.key = key;
  }

  /**
   * The public key of a pair.
   *
   * @throws GeneralSecurityException if it is none of that curve
   */
  static PublicKey key(OctetKeyPair pair) throws GeneralSecurityException {
    byte[] bytes = pair.getDecodedX();
    if (!pair.getCurve().getName().equals(CURVE) || bytes.length != KEY_BYTES) {
      throw new GeneralSecurityException("no key of " + CURVE);
    }
    byte[] encoded = new byte[KEY_PREFIX.length + KEY_BYTES];
    System.arraycopy(KEY_PREFIX, 0, encoded, 0, KEY_PREFIX.length);
    System.arraycopy(bytes, 0, encoded, KEY_PREFIX.length, KEY_BYTES);
    return KeyFactory.getInstance(CURVE).generatePublic(new X509EncodedKeySpec(encoded));
  }

  /**
   * What is critical in a header is not known here: such a token is not good (RFC 7515, 4.1.11).
   */
  @Override
  public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) throws JOSEException {
    if (header.getCriticalParams() != null) {
      return false;
    }
    try {
      Signature check = Signature.getInstance(CURVE);
      check.initVerify(key);
      check.update(signed);
      return check.verify(signature.decode());
    } catch (SignatureException _) {
      return false; // not even the form of one
    } catch (GeneralSecurityException e) {
      throw new JOSEException(e.getMessage(), e);
    }
  }

  @Override
  public Set<JWSAlgorithm> supportedJWSAlgorithms() {
    return ALGORITHMS;
  }

  @Override
  public JCAContext getJCAContext() {
    return context;
  }
}
