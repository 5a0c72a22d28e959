package io.vmqtt.registry.operators;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/** Passwords of operators. Making and checking one takes tens of milliseconds and 19 MiB. */
public final class OperatorPassword {
  // The first choice of the OWASP Password Storage Cheat Sheet for Argon2id: KiB, passes, lanes.
  private static final int MEMORY_KIB = 19_456;
  private static final int ITERATIONS = 2;
  private static final int LANES = 1;
  private static final int HASH_BYTES = 32;
  private static final int SALT_BYTES = 16;
  private static final int RANDOM_BYTES = 15;
  private static final SecureRandom RANDOM = new SecureRandom();

  private OperatorPassword() {}

  /** One that nobody can guess, of 20 characters. */
  public static String random() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(RANDOM_BYTES));
  }

  /** From which it cannot be had back. */
  public static String hash(String password) {
    return Argon2Function.getInstance(MEMORY_KIB, ITERATIONS, LANES, HASH_BYTES, Argon2.ID)
        .hash(password.getBytes(StandardCharsets.UTF_8), bytes(SALT_BYTES))
        .getResult();
  }

  /** Whether a hash is of that password. */
  public static boolean matches(String password, String hash) {
    return Argon2Function.getInstanceFromHash(hash)
        .check(password.getBytes(StandardCharsets.UTF_8), hash.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
