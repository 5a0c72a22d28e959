package io.vmqtt.gateway.access.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.model.Namespace;
import io.vmqtt.testkit.fuzz.Fuzz;
import io.vmqtt.testkit.fuzz.HeapUse;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens and keys that nobody should send: whoever is let in has a signature, whatever it says. */
class TokenFuzzTest {
  private static final int INPUTS = 4_000;
  private static final int HEAP_FOR_EACH_BYTE = 1_000;
  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);

  /** A secret, and a key of each kind that is no secret. */
  private static final String KEYS =
      """
      {"keys":[{"kty":"oct","kid":"s","alg":"HS256","k":"%s"},
      {"kty":"EC","use":"sig","crv":"P-256","kid":"e",
      "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
      "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
      {"kty":"RSA","kid":"r","e":"AQAB","n":"%s"}]}
      """
          .formatted(base64(SECRET), base64(modulus()));

  /** Header and claims, with a line between. */
  private static final String[] SAMPLES = {
    "{\"alg\":\"HS256\"}\n{\"sub\":\"anna\",\"exp\":9999999999}",
    "{\"alg\":\"HS256\",\"kid\":\"s\",\"typ\":\"JWT\"}\n"
        + "{\"sub\":\"anna\",\"exp\":9999999999,\"nbf\":1,\"iat\":1,\"aud\":[\"a\",\"b\"],"
        + "\"iss\":\"i\",\"ns\":\"plant\",\"floor\":3,\"deep\":{\"a\":[1,null,true]}}",
    "{\"alg\":\"ES256\",\"kid\":\"e\",\"crit\":[\"exp\"],\"exp\":1}\n{\"sub\":\"anna\",\"exp\":1e12}",
    "{\"alg\":\"RS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"},\"x5c\":[\"MA==\"]}\n{}"
  };

  private final List<Thread> threads = new ArrayList<>();
  private final CredentialChecks checks =
      new CredentialChecks(
          1,
          10,
          work -> {
            Thread made = Thread.ofPlatform().daemon().unstarted(work);
            threads.add(made);
            return made;
          });
  private Tokens tokens = tokens();

  private Tokens tokens() {
    return new Tokens(
        new TokenDemands(null, null, "sub", null, Map.of()), checks, null, System::nanoTime);
  }

  private static byte[] modulus() {
    byte[] modulus = new byte[256];
    Arrays.fill(modulus, (byte) 0xA5);
    return modulus;
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @AfterEach
  void close() {
    checks.close();
  }

  /** Of which the signature is good: so what they say is read. */
  @Test
  void judge_anyClaimsWithASignature_areGoodOrRefused() {
    tokens.keys(KEYS);
    claims().run(INPUTS, input -> judge(signed(input)));
  }

  /** As a library does that takes numbers for what they should be. */
  @Test
  void judge_byWhomANumberThatIsNoneBreaks_isFound() {
    tokens.keys(KEYS);
    assertTrue(
        claims()
            .finds(
                INPUTS,
                input -> {
                  judge(signed(input));
                  assertFalse(new String(input, UTF_8).contains("1e999"));
                }));
  }

  private static Fuzz claims() {
    return Fuzz.ofTexts("token-claims", SAMPLES)
        .words(
            "null",
            "\"\"",
            "{}",
            "[]",
            "-1",
            "1e999",
            "9223372036854775808",
            "\\u0000",
            "[[[[",
            "{\"a\":",
            "\"alg\":\"none\"",
            "\"b64\":false",
            "\"crit\":[\"b64\"]",
            "\"exp\":",
            "\"sub\":",
            "HS512",
            "\ud83d");
  }

  /** The text as it is, or spoiled. */
  @Test
  void judge_anyText_isGoodOnlyWithItsSignature() {
    tokens.keys(KEYS);
    texts().run(INPUTS, input -> judge(new String(input, UTF_8)));
  }

  /** As one who compares as many bytes as have come. */
  @Test
  void judge_byWhomTheBeginningOfASignatureIsEnough_isFound() {
    tokens.keys(KEYS);
    assertTrue(
        texts()
            .finds(
                INPUTS,
                input -> {
                  String token = new String(input, UTF_8);
                  judge(token, completed(token));
                }));
  }

  private static String completed(String token) {
    String said = token.substring(0, Math.max(0, token.lastIndexOf('.')));
    String whole = said + '.' + base64(signature(said));
    return whole.startsWith(token) ? whole : token;
  }

  private static Fuzz texts() {
    String[] all = new String[SAMPLES.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = signed(SAMPLES[i].getBytes(UTF_8));
    }
    return Fuzz.ofTexts("token-text", all)
        .words(".", "..", "=", "+", "/", "-", "eyJ", "\n", "eyJhbGciOiJub25lIn0");
  }

  private static String signed(byte[] headerAndClaims) {
    String text = new String(headerAndClaims, UTF_8);
    int line = text.indexOf('\n');
    String header = line < 0 ? text : text.substring(0, line);
    String claims = line < 0 ? "" : text.substring(line + 1);
    String said = base64(header.getBytes(UTF_8)) + '.' + base64(claims.getBytes(UTF_8));
    return said + '.' + base64(signature(said));
  }

  private static byte[] signature(String said) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
      return mac.doFinal(said.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has it", e);
    }
  }

  private void judge(String token) {
    judge(token, token);
  }

  /**
   * @param taken what it is taken for
   */
  private void judge(String token, String taken) {
    byte[] bytes = taken.getBytes(UTF_8);
    Credentials client =
        new Credentials(Namespace.of("here"), "c", null, new Password(bytes), null, null);
    Thread by = threads.isEmpty() ? Thread.currentThread() : threads.getLast();
    Optional<Authentication> verdict =
        HeapUse.bounded(by, bytes, HEAP_FOR_EACH_BYTE, () -> tokens.judge(client).join());
    if (verdict.orElse(null) instanceof Authentication.Accepted accepted) {
      int end = token.lastIndexOf('.');
      assertArrayEquals(
          signature(token.substring(0, end)),
          Base64.getUrlDecoder().decode(alphabet(token.substring(end + 1))));
      assertFalse(String.valueOf(accepted.identity().userName()).isEmpty());
    }
  }

  /** Of a signature the library passes over what is none of its letters: the bytes are the same. */
  private static String alphabet(String base64) {
    return base64.replace('+', '-').replace('/', '_').replaceAll("[^A-Za-z0-9_-]", "");
  }

  @Test
  void keys_ofAnyText_areTakenOrRefusedInOneWord() {
    keySets().run(INPUTS, input -> checkKeys(input, json -> tokens.keys(json)));
  }

  @Test
  void keys_byWhomAKindThatIsNoTextBreaks_isFound() {
    assertTrue(
        keySets()
            .finds(
                INPUTS,
                input ->
                    checkKeys(
                        input,
                        json -> {
                          assertFalse(json.contains("null"));
                          tokens.keys(json);
                        })));
  }

  private static Fuzz keySets() {
    return Fuzz.ofTexts("jwks", KEYS, "{\"keys\":[]}")
        .words(
            "null",
            "{}",
            "[]",
            "-1",
            "\"kty\":",
            "OKP",
            "P-521",
            "secp256k1",
            "Ed25519",
            "\"crv\":",
            "\"d\":\"AA\"",
            "\"x5c\":[\"MA==\"]",
            "\"key_ops\":[1]",
            "[[[[",
            "AAAA");
  }

  private void checkKeys(byte[] input, Consumer<String> reader) {
    tokens = tokens();
    String json = new String(input, UTF_8);
    HeapUse.bounded(input, HEAP_FOR_EACH_BYTE, () -> taken(json, reader));
    judge(signed(SAMPLES[1].getBytes(UTF_8)));
  }

  private static boolean taken(String json, Consumer<String> reader) {
    try {
      reader.accept(json);
      return true;
    } catch (IllegalArgumentException _) {
      return false; // what it is documented to throw
    }
  }
}
