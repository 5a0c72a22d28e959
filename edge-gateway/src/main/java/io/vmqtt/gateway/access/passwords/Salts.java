package io.vmqtt.gateway.access.passwords;

import java.security.SecureRandom;

/** Salts of new passwords. */
final class Salts {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 16;

  private Salts() {}

  static byte[] next() {
    byte[] salt = new byte[BYTES];
    RANDOM.nextBytes(salt);
    return salt;
  }
}
