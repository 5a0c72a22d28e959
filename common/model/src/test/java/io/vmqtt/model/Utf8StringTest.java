package io.vmqtt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.conformance.Conforms;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8StringTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "\u0001\u007f",
        "\u0080\u07ff",
        "\u0800\ufffd\uffff",
        "\ud83d\ude00",
        "x\udbff\udfff"
      })
  void byteLength_wellFormedText_isThatOfTheEncoder(String text) {
    assertTrue(Utf8String.isWellFormed(text));
    assertEquals(text.getBytes(StandardCharsets.UTF_8).length, Utf8String.byteLength(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0000",
        "a\u0000b",
        "\ud83d",
        "a\ud83d",
        "\ud83da",
        "\ude00",
        "\ude00\ud83d",
        "\ud83d\ud83d\ude00"
      })
  @Conforms(
      v311 = {"MQTT-1.5.3-1", "MQTT-1.5.3-2"},
      v5 = {"MQTT-1.5.4-1", "MQTT-1.5.4-2"})
  void isWellFormed_nullOrLoneSurrogate_isFalse(String text) {
    assertFalse(Utf8String.isWellFormed(text));
    assertFalse(Utf8String.isValid(text));
    assertThrows(IllegalArgumentException.class, () -> Utf8String.byteLength(text));
  }

  @Test
  void isWellFormed_randomChars_agreesWithTheEncoder() {
    long seed = 20_250_101;
    Random random = new Random(seed);
    char[] alphabet = {'a', '/', '\u00e9', '\u6e29', '\ud83d', '\ude00', '\ufffd', 0};
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(6); i > 0; i--) {
        text.append(alphabet[random.nextInt(alphabet.length)]);
      }
      String s = text.toString();
      boolean expected =
          StandardCharsets.UTF_8.newEncoder().canEncode(s) && s.indexOf('\u0000') < 0;
      assertEquals(expected, Utf8String.isWellFormed(s), "seed " + seed + " round " + round);
    }
  }

  @Test
  void isValid_lengthAtTheLimit_countsBytes() {
    assertTrue(Utf8String.isValid("a".repeat(65_535)));
    assertFalse(Utf8String.isValid("a".repeat(65_536)));
    assertTrue(Utf8String.isValid("\u6e29".repeat(21_845)));
    assertFalse(Utf8String.isValid("\u6e29".repeat(21_845) + "a"));
    assertTrue(Utf8String.isValid("\ud83d\ude00".repeat(16_383) + "abc"));
    assertFalse(Utf8String.isValid("\ud83d\ude00".repeat(16_384)));
  }
}
