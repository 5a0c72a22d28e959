package io.vmqtt.gateway.access.passwords;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * PBKDF2 (RFC 8018). A password that is no text matches none: those who made the hash typed it.
 *
 * @param algorithm as {@link SecretKeyFactory} calls it
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, never compared
record Pbkdf2(String algorithm, int iterations, byte[] salt, byte[] hash) {
  private static final Pattern PORTABLE =
      Pattern.compile("\\$pbkdf2-sha(256|512)\\$(?:i=)?(\\d{1,8})(?:,l=\\d+)?\\$([^$]+)\\$([^$]+)");
  private static final Pattern MOSQUITTO = Pattern.compile("\\$7\\$(\\d{1,8})\\$([^$]+)\\$([^$]+)");
  private static final int MOST_ITERATIONS = 10_000_000;
  private static final int LEAST_HASH_BYTES = 16;

  /** Each 64 bytes cost all iterations once more. */
  private static final int MOST_HASH_BYTES = 64;

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it cannot be
   */
  static Pbkdf2 read(String text) {
    Matcher portable = PORTABLE.matcher(text);
    if (portable.matches()) {
      return checked(portable.group(1), portable.group(2), portable.group(3), portable.group(4));
    }
    Matcher mosquitto = MOSQUITTO.matcher(text);
    if (mosquitto.matches()) {
      return checked("512", mosquitto.group(1), mosquitto.group(2), mosquitto.group(3));
    }
    throw new IllegalArgumentException("a broken pbkdf2 hash");
  }

  private static Pbkdf2 checked(String bits, String iterations, String salt, String hash) {
    Pbkdf2 read =
        new Pbkdf2(
            "PBKDF2WithHmacSHA" + bits, Integer.parseInt(iterations), base64(salt), base64(hash));
    if (read.iterations < 1 || read.hash.length < LEAST_HASH_BYTES || read.salt.length == 0) {
      throw new IllegalArgumentException("a broken pbkdf2 hash");
    }
    if (read.iterations > MOST_ITERATIONS || read.hash.length > MOST_HASH_BYTES) {
      throw new IllegalArgumentException("a pbkdf2 hash that costs too much to check");
    }
    return read;
  }

  /** With and without padding; some programs write a dot for a plus. */
  private static byte[] base64(String text) {
    return Base64.getDecoder().decode(text.replace('.', '+').replaceAll("=+$", ""));
  }

  boolean matches(byte[] password) {
    CharBuffer text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(password));
    } catch (CharacterCodingException _) {
      return false;
    }
    char[] chars = new char[text.remaining()];
    text.get(chars);
    PBEKeySpec key = new PBEKeySpec(chars, salt, iterations, hash.length * Byte.SIZE);
    try {
      return MessageDigest.isEqual(
          SecretKeyFactory.getInstance(algorithm).generateSecret(key).getEncoded(), hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(algorithm + " is part of every JDK", e);
    } finally {
      key.clearPassword();
    }
  }
}
