package io.vmqtt.gateway.access.scram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Exchange;
import io.vmqtt.gateway.access.ExchangeStep;
import io.vmqtt.model.Namespace;
import io.vmqtt.testkit.fuzz.Fuzz;
import io.vmqtt.testkit.fuzz.HeapUse;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Messages that nobody should send: whoever is let in has the proof of the user whom he names. */
class ScramFuzzTest {
  private static final int INPUTS = 6_000;
  private static final int HEAP_FOR_EACH_BYTE = 200;
  private static final String NONCE = "clientnonce";
  private static final String SERVER_NONCE = "servernonce";
  private static final byte[] SALT = {1, 2, 3, 4};
  private static final ScramKeys KEYS =
      ScramKeys.of(ScramHash.SHA_256, "pencil".getBytes(UTF_8), SALT, 4096);

  /** The example of RFC 7677, section 3, whose proof is known. */
  private static final String RFC_NONCE = "rOprNGfwEbeRWgbNEkqO";

  private static final String RFC_SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final String RFC_SAID = "c=biws,r=" + RFC_NONCE + RFC_SERVER_NONCE;
  private static final String RFC_PROOF = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
  private static final ScramKeys RFC_KEYS =
      ScramKeys.of(
          ScramHash.SHA_256,
          "pencil".getBytes(UTF_8),
          Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="),
          4096);

  private static Exchange exchange(ScramKeys keys, String serverNonce) {
    ScramUsers users =
        new ScramUsers() {
          @Override
          public boolean haveKeys(ScramHash hash) {
            return true;
          }

          @Override
          public ScramKeys keys(String user, ScramHash hash) {
            return keys;
          }

          @Override
          public boolean mayComeIn(String user, ScramKeys shown) {
            return true;
          }
        };
    return new Scram(ScramHash.SHA_256, users, () -> serverNonce)
        .begin(new Credentials(Namespace.of("plant"), "c", "root", null, null, null));
  }

  private static ExchangeStep next(Exchange exchange, byte[] said) {
    return HeapUse.bounded(said, HEAP_FOR_EACH_BYTE, () -> exchange.next(said).join());
  }

  @Test
  void first_ofAnyBytes_isAskedAboutOrRefused() {
    firsts().run(INPUTS, said -> checkFirst(said, said));
  }

  /** So one user could be taken for another. */
  @Test
  void first_byWhomEscapesAreReadTwice_isFound() {
    assertTrue(
        firsts()
            .finds(
                INPUTS,
                said ->
                    checkFirst(
                        said, new String(said, UTF_8).replace("=3D", "=2C").getBytes(UTF_8))));
  }

  private static Fuzz firsts() {
    return Fuzz.ofTexts(
            "scram-first",
            "n,,n=anna,r=" + NONCE,
            "y,,n=anna,r=" + NONCE + ",x=y",
            "n,a=a=2Cb=3D,n=a=2Cb=3D,r=" + NONCE)
        .words(
            ",", "=", "=2C", "=3D", "=3", "n=", "r=", "m=", "p=tls-unique,", "a=", "\u00e4", "\n");
  }

  /**
   * @param heard what is made of it before it is read
   */
  private static void checkFirst(byte[] said, byte[] heard) {
    Exchange exchange = exchange(KEYS, SERVER_NONCE);
    ExchangeStep step = next(exchange, heard);
    Slow slow = Slow.read(said);
    if (said.length == 0) {
      assertArrayEquals(new byte[0], challenge(step), "it may begin now");
    } else if (slow == null) {
      assertInstanceOf(
          Authentication.Refused.class,
          assertInstanceOf(ExchangeStep.Decided.class, step).answer());
    } else {
      assertEquals(slow.user, exchange.userName());
      assertEquals(
          "r=" + slow.nonce + SERVER_NONCE + ",s=AQIDBA==,i=4096",
          new String(challenge(step), UTF_8));
    }
  }

  private static byte[] challenge(ExchangeStep step) {
    return assertInstanceOf(ExchangeStep.Challenge.class, step).data();
  }

  @Test
  void last_ofAnyBytes_isGoodWithItsProofAlone() {
    lasts().run(INPUTS, said -> checkLast(said, said));
  }

  /** The nonces and the rest are good: so what is left is all that counts. */
  @Test
  void last_byWhomAProofNeedNotBeWhole_isFound() {
    byte[] whole = (RFC_SAID + ",p=" + RFC_PROOF).getBytes(UTF_8);
    assertTrue(
        lasts()
            .finds(
                INPUTS,
                said ->
                    checkLast(
                        said,
                        new String(said, UTF_8).startsWith(RFC_SAID + ",p=d") ? whole : said)));
  }

  private static Fuzz lasts() {
    return Fuzz.ofTexts(
            "scram-last", RFC_SAID + ",p=" + RFC_PROOF, RFC_SAID + ",x=1,p=" + RFC_PROOF)
        .words(",", "=", ",p=", "c=", "r=", "=".repeat(8), "\n");
  }

  private static void checkLast(byte[] said, byte[] heard) {
    Exchange exchange = exchange(RFC_KEYS, RFC_SERVER_NONCE);
    challenge(next(exchange, ("n,,n=user,r=" + RFC_NONCE).getBytes(UTF_8)));
    ExchangeStep step = next(exchange, heard);
    if (assertInstanceOf(ExchangeStep.Decided.class, step).answer()
        instanceof Authentication.Accepted) {
      String text = new String(said, UTF_8);
      assertTrue(text.startsWith(RFC_SAID + ",p="), text);
      assertArrayEquals(
          Base64.getDecoder().decode(RFC_PROOF),
          Base64.getDecoder().decode(text.substring(RFC_SAID.length() + 3)));
    }
  }

  /** RFC 5802, section 7, part by part. */
  private record Slow(String user, String nonce) {

    private static final Set<Integer> LINE_ENDS = Set.of(0x0A, 0x0D, 0x85, 0x2028, 0x2029);

    /** Null: it is none. */
    static @Nullable Slow read(byte[] said) {
      String text = new String(said, UTF_8);
      if (text.indexOf('\ufffd') >= 0) {
        return null; // no UTF-8: no sample has that character
      }
      String[] parts = text.split(",", -1);
      if (parts.length < 4
          || !(parts[0].equals("n") || parts[0].equals("y"))
          || !(parts[1].isEmpty() || parts[1].startsWith("a="))
          || !parts[2].startsWith("n=")
          || !parts[3].startsWith("r=")) {
        return null;
      }
      Optional<String> user = name(parts[2].substring(2));
      Optional<String> actor = parts[1].isEmpty() ? user : name(parts[1].substring(2));
      String nonce = parts[3].substring(2);
      boolean isOneLine =
          Stream.of(parts).skip(4).flatMapToInt(String::chars).noneMatch(LINE_ENDS::contains);
      boolean isPrintable = nonce.chars().allMatch(one -> one > 0x20 && one < 0x7F);
      return user.isEmpty() || !user.equals(actor) || nonce.isEmpty() || !isPrintable || !isOneLine
          ? null
          : new Slow(user.get(), nonce);
    }

    private static Optional<String> name(String text) {
      StringBuilder name = new StringBuilder();
      for (int i = 0; i < text.length(); i++) {
        if (text.charAt(i) != '=') {
          name.append(text.charAt(i));
        } else if (text.startsWith("=2C", i) || text.startsWith("=3D", i)) {
          name.append(text.startsWith("=2C", i) ? ',' : '=');
          i += 2;
        } else {
          return Optional.empty();
        }
      }
      return name.isEmpty() ? Optional.empty() : Optional.of(name.toString());
    }
  }
}
