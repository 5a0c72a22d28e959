package io.vmqtt.cluster.placement;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/**
 * The one hash of the cluster: 64 bits over the UTF-8 bytes of a key.
 *
 * <p>FarmHash Fingerprint64, because its values are promised never to change (data lies where they
 * say), and because it hashes an array in one go, without the hasher object and buffer of Guava's
 * other functions: the hash of a topic is taken on every publish.
 */
final class KeyHash {
  private static final HashFunction FINGERPRINT = Hashing.farmHashFingerprint64();

  private KeyHash() {}

  static long of(String key) {
    return FINGERPRINT.hashBytes(key.getBytes(StandardCharsets.UTF_8)).asLong();
  }
}
