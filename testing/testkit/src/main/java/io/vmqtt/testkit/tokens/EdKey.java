package io.vmqtt.testkit.tokens;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A key of Ed25519 with a name, which signs tokens as an issuer does. */
public final class EdKey {
  private static final String CURVE = "Ed25519";
  private static final int KEY_BYTES = 32;

  private final String name;
  private final KeyPair pair;

  /** A new one. */
  public EdKey(String name) {
    this.name = name;
    try {
      pair = KeyPairGenerator.getInstance(CURVE).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no key", e);
    }
  }

  /** The public part of some, as a set of JSON Web Keys. */
  public static String set(EdKey... keys) {
    return Stream.of(keys).map(EdKey::json).collect(Collectors.joining(",", "{\"keys\":[", "]}"));
  }

  private String json() {
    byte[] encoded = pair.getPublic().getEncoded();
    return "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"sig\",\"kid\":\"%s\",\"x\":\"%s\"}"
        .formatted(
            name, base64(Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length)));
  }

  /** A token of these claims, in JSON. */
  public String token(String claims) {
    return token("{\"alg\":\"EdDSA\",\"kid\":\"%s\"}".formatted(name), claims);
  }

  /** The same with another header. */
  public String token(String header, String claims) {
    String said = base64(utf8(header)) + '.' + base64(utf8(claims));
    try {
      Signature signature = Signature.getInstance(CURVE);
      signature.initSign(pair.getPrivate());
      signature.update(utf8(said));
      return said + '.' + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no token", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
