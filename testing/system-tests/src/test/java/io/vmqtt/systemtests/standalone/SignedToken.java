package io.vmqtt.systemtests.standalone;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A token as whoever shares a secret with the broker issues it. */
final class SignedToken {
  private static final String ALGORITHM = "HmacSHA256";

  private SignedToken() {}

  /**
   * One by HS256.
   *
   * @param claims in JSON
   */
  static String of(byte[] secret, String claims) {
    String said = base64("{\"alg\":\"HS256\"}") + '.' + base64(claims);
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      return said + '.' + base64(mac.doFinal(said.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no token", e);
    }
  }

  private static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Without padding, as tokens and their keys have it. */
  static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
