package io.vmqtt.cluster.operation;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What processes of a cluster know, and nobody else: by it a node believes that it is asked by a
 * registry. Whoever may read the cluster's facts in Consul has it.
 *
 * @param text base64 of {@value #BYTES} random bytes
 */
public record OperationKey(String text) {
  private static final int BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";

  public OperationKey {
    if (Base64.getDecoder().decode(text).length != BYTES) {
      throw new IllegalArgumentException("a key has " + BYTES + " bytes");
    }
  }

  /** One that nobody can guess. */
  public static OperationKey random(SecureRandom random) {
    byte[] key = new byte[BYTES];
    random.nextBytes(key);
    return new OperationKey(Base64.getEncoder().encodeToString(key));
  }

  /** What proves to that node, and to no other, that this key is known. */
  public String proofFor(String node) {
    return Base64.getEncoder().encodeToString(code("node " + node));
  }

  /** Whether that is such a proof. */
  public boolean isProvenBy(String proof, String node) {
    return MessageDigest.isEqual(
        proof.getBytes(StandardCharsets.UTF_8), proofFor(node).getBytes(StandardCharsets.UTF_8));
  }

  /** A key for something else, that tells nothing of this one. */
  public byte[] derived(String use) {
    return code("key " + use);
  }

  private byte[] code(String of) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(text), ALGORITHM));
      return mac.doFinal(of.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  /** Without the key: nobody is to find it in a log. */
  @Override
  public String toString() {
    return "a key";
  }
}
