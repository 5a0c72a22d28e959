package io.vmqtt.gateway.access.stored;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vmqtt.gateway.access.KeyedDigest;
import io.vmqtt.gateway.access.passwords.StoredPassword;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Which passwords were right, each with the hash that it was checked against: so what is remembered
 * is true for ever, whatever the store says later. Of the two a digest is kept, with a key that
 * this process alone has; at most {@value #MOST} of them, beyond which one that was not needed for
 * long goes and is computed again. Safe from any thread.
 */
final class RightPasswords {
  static final int MOST = 10_000;

  private final KeyedDigest digests = new KeyedDigest();
  private final Cache<ByteBuffer, Boolean> known = Caffeine.newBuilder().maximumSize(MOST).build();

  void add(ByteBuffer digest) {
    known.put(digest, true);
  }

  boolean contains(ByteBuffer digest) {
    return known.getIfPresent(digest) != null;
  }

  /** What is kept of the two. The length says where one ends and the other begins. */
  ByteBuffer digest(StoredPassword hash, byte[] password) {
    byte[] text = hash.text().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.wrap(
        digests.of(
            ByteBuffer.allocate(Integer.BYTES + text.length + password.length)
                .putInt(text.length)
                .put(text)
                .put(password)
                .array()));
  }
}
