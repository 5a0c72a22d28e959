package io.vmqtt.gateway.access.scram;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.StringPreparation;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server keeps of a password for SCRAM: it can check the proof of whoever knows the
 * password, and prove that it has these. The password cannot be had back from them, and they do not
 * let in whoever has stolen them.
 *
 * <p>As text they are {@code SCRAM-SHA-256$4096:SALT$STOREDKEY:SERVERKEY}, the form of PostgreSQL.
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, never compared
public record ScramKeys(
    ScramHash hash, int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
  /** RFC 7677, section 4. */
  public static final int LEAST_ITERATIONS = 4096;

  /** Each client computes them at every CONNECT, and a check of a password does so here. */
  public static final int MOST_ITERATIONS = 10_000_000;

  private static final Pattern TEXT =
      Pattern.compile("(SCRAM-SHA-\\d+)\\$(\\d{1,8}):([^$:]+)\\$([^$:]+):([^$:]+)");

  /**
   * Those of a password.
   *
   * @param password text in UTF-8
   * @throws IllegalArgumentException if SCRAM cannot take it: it is no text, or is none that SASL
   *     allows (RFC 4013), or none of which that leaves anything
   */
  public static ScramKeys of(ScramHash hash, byte[] password, byte[] salt, int iterations) {
    byte[] salted = salted(hash, characters(password), salt, iterations);
    return new ScramKeys(
        hash,
        iterations,
        salt,
        ScramFunctions.storedKey(
            hash.mechanism(), ScramFunctions.clientKey(hash.mechanism(), salted)),
        ScramFunctions.serverKey(hash.mechanism(), salted));
  }

  private static byte[] salted(ScramHash hash, char[] password, byte[] salt, int iterations) {
    try {
      return ScramFunctions.saltedPassword(
          hash.mechanism(), StringPreparation.SASL_PREPARATION, password, salt, iterations);
    } catch (IndexOutOfBoundsException e) { // a soft hyphen alone, for example
      throw new IllegalArgumentException("a password of which nothing is left", e);
    }
  }

  private static char[] characters(byte[] password) {
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(password));
      char[] characters = new char[text.remaining()];
      text.get(characters);
      return characters;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a password that is no text", e);
    }
  }

  /** Those of nobody, which no proof fits. */
  public static ScramKeys ofNobody(ScramHash hash, int iterations, byte[] salt) {
    return new ScramKeys(hash, iterations, salt, new byte[hash.bytes()], new byte[hash.bytes()]);
  }

  /** Whether a text is to be read as keys. */
  public static boolean areIn(String text) {
    return text.startsWith("SCRAM-SHA-");
  }

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException if they cannot be; the message, without the text, says why
   */
  public static ScramKeys read(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("broken keys of SCRAM");
    }
    for (ScramHash hash : ScramHash.values()) {
      if (hash.mechanismName().equals(parts.group(1))) {
        return checked(
            new ScramKeys(
                hash,
                Integer.parseInt(parts.group(2)),
                Base64.getDecoder().decode(parts.group(3)),
                Base64.getDecoder().decode(parts.group(4)),
                Base64.getDecoder().decode(parts.group(5))));
      }
    }
    throw new IllegalArgumentException("keys of SCRAM with a hash that is not offered");
  }

  private static ScramKeys checked(ScramKeys read) {
    int bytes = read.hash.bytes();
    if (read.storedKey.length != bytes || read.serverKey.length != bytes || read.salt.length == 0) {
      throw new IllegalArgumentException("broken keys of SCRAM");
    }
    if (read.iterations < LEAST_ITERATIONS || read.iterations > MOST_ITERATIONS) {
      throw new IllegalArgumentException(
          "keys of SCRAM with " + read.iterations + " iterations, too few or too many");
    }
    return read;
  }

  /** As it is read. */
  public String text() {
    return hash.mechanismName()
        + '$'
        + iterations
        + ':'
        + base64(salt)
        + '$'
        + base64(storedKey)
        + ':'
        + base64(serverKey);
  }

  /** Whether they are those of a password. Takes as long as the iterations want. */
  public boolean areOf(byte[] password) {
    try {
      return MessageDigest.isEqual(of(hash, password, salt, iterations).storedKey, storedKey);
    } catch (IllegalArgumentException _) {
      return false; // nobody could have made keys of it
    }
  }

  /** Whether a proof that was made for a message is that of somebody who knows the password. */
  boolean prove(byte[] proof, String message) {
    if (proof.length != hash.bytes()) {
      return false;
    }
    byte[] signature = ScramFunctions.clientSignature(hash.mechanism(), storedKey, message);
    byte[] clientKey = ScramFunctions.clientProof(proof, signature); // exclusive or, both ways
    return MessageDigest.isEqual(ScramFunctions.hash(hash.mechanism(), clientKey), storedKey);
  }

  /** What proves to the client that this side has these. */
  byte[] signature(String message) {
    return ScramFunctions.serverSignature(hash.mechanism(), serverKey, message);
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "keys of SCRAM";
  }
}
