package io.vmqtt.cluster.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {
  private static final long SEED = 7;

  @ParameterizedTest
  @CsvSource({
    "device-1, device-1, true",
    "device-1, device-12, false",
    "device-*, device-1, true",
    "device-*, device-, true",
    "device-*, adevice-1, false",
    "*-1, device-1, true",
    "d*v*1, device-1, true",
    "d*v*2, device-1, false",
    "*, anything, true",
    "**, x, true",
  })
  void matches_aStar_standsForAnything(String pattern, String name, boolean matches) {
    assertEquals(matches, new NamePattern(pattern).matches(name));
  }

  /** Against a regular expression that means the same. */
  @Test
  void matches_anyPatternAndName_asARegularExpression() {
    Random random = new Random(SEED);
    for (int i = 0; i < 20_000; i++) {
      String pattern = text(random, "ab*", 6);
      String name = text(random, "ab", 8);
      assertEquals(
          Pattern.matches(pattern.replace("*", ".*"), name),
          new NamePattern(pattern).matches(name),
          () -> pattern + " and " + name);
    }
  }

  @Test
  void matches_manyStars_takesNoTimeWithoutEnd() {
    NamePattern pattern = new NamePattern("*a".repeat(100) + "b");

    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertFalse(pattern.matches("a".repeat(50_000))));
  }

  private static String text(Random random, String letters, int longest) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(longest + 1); i > 0; i--) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }
}
