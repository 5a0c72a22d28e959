package io.vmqtt.gateway.access.passwords;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.types.Argon2;
import io.vmqtt.gateway.access.scram.ScramHash;
import io.vmqtt.gateway.access.scram.ScramKeys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A password as a file keeps it: a text from which it cannot be had back, in one of the forms that
 * are in use, which says itself how it was made.
 *
 * <ul>
 *   <li>{@code $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH}, also of other programs (RFC 9106);
 *   <li>{@code $2b$10$…}, bcrypt;
 *   <li>{@code $pbkdf2-sha512$i=210000$SALT$HASH}, and with SHA-256, and with the iterations alone;
 *   <li>{@code $7$101$SALT$HASH}, PBKDF2 with SHA-512 as Mosquitto writes it;
 *   <li>{@code SCRAM-SHA-256$4096:SALT$STOREDKEY:SERVERKEY}, {@link ScramKeys}, and with SHA-512.
 * </ul>
 *
 * Several may stand side by side, with a space between: a password is checked by the first.
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
  private static final int MOST_LANES = 64;

  /** RFC 9106, section 3.1. */
  private static final int LEAST_MEMORY_KIB_OF_A_LANE = 8;

  private static final int LEAST_HASH_BYTES = 16;
  private static final int LEAST_LOG_ROUNDS = 4;
  private static final int MOST_LOG_ROUNDS = 20;

  private static final Pattern ARGON2 =
      Pattern.compile(
          "\\$argon2(id|i|d)\\$v=(?:16|19)\\$m=(\\d{1,10}),t=(\\d{1,10}),p=(\\d{1,10})"
              + "\\$([^$]{1,200})\\$([^$]{1,200})");

  /** Its salt, and behind it the hash, in a base64 of its own. */
  private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");

  private static final String SEPARATOR = " ";

  private final String text;
  private final Predicate<byte[]> check;
  private final List<ScramKeys> keys;

  private StoredPassword(String text, Predicate<byte[]> check, List<ScramKeys> keys) {
    this.text = text;
    this.check = check;
    this.keys = keys;
  }

  /** Of a new password. Takes tens of milliseconds and 19 MiB. */
  public static StoredPassword of(byte[] password) {
    return read(
        Argon2Function.getInstance(MEMORY_KIB, ITERATIONS, LANES, HASH_BYTES, Argon2.ID)
            .hash(password, Salts.next())
            .getResult());
  }

  /**
   * Of a new password, for SCRAM with every hash.
   *
   * @param iterations what it costs a client to come in, and others to guess
   * @throws IllegalArgumentException if SCRAM cannot take it
   */
  public static StoredPassword forScram(byte[] password, int iterations) {
    return read(
        Stream.of(ScramHash.values())
            .map(hash -> ScramKeys.of(hash, password, Salts.next(), iterations).text())
            .collect(Collectors.joining(SEPARATOR)));
  }

  /**
   * As a file has it.
   *
   * @throws IllegalArgumentException if it is in no form that is known; the message, without the
   *     text, says why
   */
  public static StoredPassword read(String text) {
    List<String> forms = List.of(text.split(SEPARATOR, -1));
    List<Predicate<byte[]>> checks = forms.stream().map(StoredPassword::check).toList();
    return new StoredPassword(
        text,
        checks.getFirst(),
        forms.stream().filter(ScramKeys::areIn).map(ScramKeys::read).toList());
  }

  private static Predicate<byte[]> check(String form) {
    if (form.startsWith("$argon2")) {
      return argon2(form);
    }
    if (form.startsWith("$2a$") || form.startsWith("$2b$") || form.startsWith("$2y$")) {
      return bcrypt(form);
    }
    if (form.startsWith("$pbkdf2-") || form.startsWith("$7$")) {
      return Pbkdf2.read(form)::matches;
    }
    if (ScramKeys.areIn(form)) {
      return ScramKeys.read(form)::areOf;
    }
    throw new IllegalArgumentException(
        "not a hash that is known: argon2, bcrypt ($2b$), pbkdf2, Mosquitto's $7$ or SCRAM");
  }

  /**
   * What it costs is known before the library is asked, which takes the memory at once: so that is
   * not done before somebody's password is checked.
   */
  private static Predicate<byte[]> argon2(String text) {
    Matcher parts = ARGON2.matcher(text);
    if (!parts.matches() || bytes(parts.group(5)) < 1 || bytes(parts.group(6)) < LEAST_HASH_BYTES) {
      throw new IllegalArgumentException("a broken argon2 hash");
    }
    long memory = Long.parseLong(parts.group(2));
    long passes = Long.parseLong(parts.group(3));
    long lanes = Long.parseLong(parts.group(4));
    if (passes < 1 || lanes < 1 || memory < LEAST_MEMORY_KIB_OF_A_LANE * lanes) {
      throw new IllegalArgumentException("a broken argon2 hash");
    }
    if (memory > MOST_MEMORY_KIB || passes > MOST_ITERATIONS || lanes > MOST_LANES) {
      throw new IllegalArgumentException("an argon2 hash that costs too much to check");
    }
    byte[] hash = text.getBytes(StandardCharsets.US_ASCII);
    return password -> Argon2Function.getInstanceFromHash(text).check(password, hash);
  }

  /** How many a text in base64 stands for; -1: it is none. */
  private static int bytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64).length;
    } catch (IllegalArgumentException _) {
      return -1;
    }
  }

  private static Predicate<byte[]> bcrypt(String text) {
    Matcher parts = BCRYPT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("a broken bcrypt hash");
    }
    int rounds = Integer.parseInt(parts.group(1));
    if (rounds < LEAST_LOG_ROUNDS) {
      throw new IllegalArgumentException("a broken bcrypt hash");
    }
    if (rounds > MOST_LOG_ROUNDS) {
      throw new IllegalArgumentException("a bcrypt hash that costs too much to check");
    }
    BcryptFunction function = BcryptFunction.getInstanceFromHash(text);
    byte[] hash = text.getBytes(StandardCharsets.US_ASCII);
    return password -> function.check(password, hash);
  }

  /** What SCRAM with a hash goes by; empty: it cannot be used for that. */
  Optional<ScramKeys> keys(ScramHash hash) {
    return keys.stream().filter(one -> one.hash() == hash).findFirst();
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
