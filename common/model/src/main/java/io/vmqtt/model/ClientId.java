package io.vmqtt.model;

import java.util.random.RandomGenerator;

/** The rules of client identifiers. Source: MQTT 5.0, section 3.1.3.1. */
public final class ClientId {

  private static final String ALPHABET =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  /** 62^22 is 131 bits of chance; up to 23 such characters every server takes [MQTT-3.1.3-5]. */
  private static final int ASSIGNED_CHARS = 22;

  private static final long FNV_OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private ClientId() {}

  /**
   * Whether a CONNECT may carry this client id: a well-formed string of at most 65,535 bytes
   * [MQTT-3.1.3-4]. The empty text is valid: it asks for an assigned id [MQTT-3.1.3-6], and names
   * no session.
   */
  public static boolean isValid(String clientId) {
    return Utf8String.isValid(clientId);
  }

  /**
   * The 64 bit hash that all nodes of all versions agree on: FNV-1a/64 over the UTF-8 bytes, then
   * the 64 bit finalizer of MurmurHash3, so that every bit of the result depends on every bit of
   * the id; 0 becomes 1, because 0 means "unknown". Allocates nothing. Not a defence against
   * somebody who chooses ids that collide.
   *
   * @param clientId a valid client id, {@linkplain ScopedName scoped} or not
   */
  public static long hash64(String clientId) {
    long hash = FNV_OFFSET_BASIS;
    for (int i = 0; i < clientId.length(); i++) {
      int codePoint = clientId.codePointAt(i);
      if (codePoint < 0x80) {
        hash = fnv(hash, codePoint);
      } else if (codePoint < 0x800) {
        hash = fnv(hash, 0xC0 | (codePoint >> 6));
        hash = fnv(hash, continuation(codePoint));
      } else if (codePoint < 0x10000) {
        hash = fnv(hash, 0xE0 | (codePoint >> 12));
        hash = fnv(hash, continuation(codePoint >> 6));
        hash = fnv(hash, continuation(codePoint));
      } else {
        hash = fnv(hash, 0xF0 | (codePoint >> 18));
        hash = fnv(hash, continuation(codePoint >> 12));
        hash = fnv(hash, continuation(codePoint >> 6));
        hash = fnv(hash, continuation(codePoint));
        i++;
      }
    }
    long mixed = finish(hash);
    return mixed == 0 ? 1 : mixed;
  }

  /**
   * A new id for a client that sent none [MQTT-3.1.3-6]: 22 characters out of {@code 0-9a-zA-Z}.
   *
   * @param random should be hard to guess: whoever knows a client id can take its session over
   */
  public static String assign(RandomGenerator random) {
    char[] id = new char[ASSIGNED_CHARS];
    for (int i = 0; i < id.length; i++) {
      id[i] = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
    }
    return new String(id);
  }

  private static int continuation(int bits) {
    return 0x80 | (bits & 0x3F);
  }

  private static long fnv(long hash, int oneByte) {
    return (hash ^ oneByte) * FNV_PRIME;
  }

  private static long finish(long hash) {
    long h = hash;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
