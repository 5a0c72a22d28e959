package io.vmqtt.gateway.access.passwords;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * A password as a file keeps it: a text from which it cannot be had back, in one of the forms that
 * are in use, which says itself how it was made.
 *
 * <ul>
 *   <li>{@code $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH}, also of other programs (RFC 9106);
 *   <li>{@code $2b$10$…}, bcrypt;
 *   <li>{@code $pbkdf2-sha512$i=210000$SALT$HASH}, and with SHA-256, and with the iterations alone;
 *   <li>{@code $7$101$SALT$HASH}, PBKDF2 with SHA-512 as Mosquitto writes it.
 * </ul>
 */
public final class StoredPassword {
  // The first choice of the OWASP Password Storage Cheat Sheet for Argon2id: KiB, passes, lanes.
  private static final int MEMORY_KIB = 19_456;
  private static final int ITERATIONS = 2;
  private static final int LANES = 1;
  private static final int HASH_BYTES = 32;

  /** What one check may cost: a file must not stop a gateway. */
  private static final int MOST_MEMORY_KIB = 1 << 20;

  private static final int MOST_ITERATIONS = 100;
  private static final int LEAST_HASH_BYTES = 16;
  private static final int MOST_LOG_ROUNDS = 20;

  private final String text;
  private final Predicate<byte[]> check;

  private StoredPassword(String text, Predicate<byte[]> check) {
    this.text = text;
    this.check = check;
  }

  /** Of a new password. Takes tens of milliseconds and 19 MiB. */
  public static StoredPassword of(byte[] password) {
    return read(
        Argon2Function.getInstance(MEMORY_KIB, ITERATIONS, LANES, HASH_BYTES, Argon2.ID)
            .hash(password, Salts.next())
            .getResult());
  }

  /**
   * As a file has it.
   *
   * @throws IllegalArgumentException if it is in no form that is known; the message, without the
   *     text, says why
   */
  public static StoredPassword read(String text) {
    if (text.startsWith("$argon2")) {
      return new StoredPassword(text, argon2(text));
    }
    if (text.startsWith("$2a$") || text.startsWith("$2b$") || text.startsWith("$2y$")) {
      return new StoredPassword(text, bcrypt(text));
    }
    if (text.startsWith("$pbkdf2-") || text.startsWith("$7$")) {
      return new StoredPassword(text, Pbkdf2.read(text)::matches);
    }
    throw new IllegalArgumentException(
        "not a hash that is known: argon2, bcrypt ($2b$), pbkdf2 or Mosquitto's $7$");
  }

  private static Predicate<byte[]> argon2(String text) {
    Argon2Function function;
    try {
      function = Argon2Function.getInstanceFromHash(text);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("a broken argon2 hash", e);
    }
    if (function.getOutputLength() < LEAST_HASH_BYTES) {
      throw new IllegalArgumentException("a broken argon2 hash");
    }
    if (function.getMemory() > MOST_MEMORY_KIB || function.getIterations() > MOST_ITERATIONS) {
      throw new IllegalArgumentException("an argon2 hash that costs too much to check");
    }
    byte[] hash = text.getBytes(StandardCharsets.US_ASCII);
    return password -> function.check(password, hash);
  }

  private static Predicate<byte[]> bcrypt(String text) {
    BcryptFunction function;
    try {
      function = BcryptFunction.getInstanceFromHash(text);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("a broken bcrypt hash", e);
    }
    if (function.getLogarithmicRounds() > MOST_LOG_ROUNDS) {
      throw new IllegalArgumentException("a bcrypt hash that costs too much to check");
    }
    byte[] hash = text.getBytes(StandardCharsets.US_ASCII);
    return password -> function.check(password, hash);
  }

  /** Whether it was made of this password. Takes as long as its form wants, by intent. */
  public boolean matches(byte[] password) {
    return check.test(password);
  }

  /** As a file has it. */
  public String text() {
    return text;
  }

  @Override
  public String toString() {
    return "a stored password";
  }
}
