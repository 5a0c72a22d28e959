package io.vmqtt.testkit.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What finds faults elsewhere has to find them, and always the same. */
class FuzzTest {
  private static final int INPUTS = 2_000;

  private final Fuzz fuzz = Fuzz.ofTexts("sample", "user:anna,age:7", "user:bob").words("admin");

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void run_twice_sameInputs() {
    List<String> once = new ArrayList<>();
    List<String> again = new ArrayList<>();

    fuzz.run(INPUTS, input -> once.add(text(input)));
    fuzz.run(INPUTS, input -> again.add(text(input)));

    assertEquals(once, again);
    assertTrue(new HashSet<>(once).size() > INPUTS / 2, "they are not all the same");
  }

  /** Untouched, cut, spliced, doubled without end, and with a word. */
  @Test
  void run_manyInputs_ofEveryKind() {
    Set<String> kinds = new HashSet<>();

    fuzz.run(
        INPUTS,
        input -> {
          String text = text(input);
          if (text.equals("user:bob")) {
            kinds.add("untouched");
          }
          if (text.isEmpty()) {
            kinds.add("cut");
          }
          if (text.contains("anna") && text.contains("bob")) {
            kinds.add("spliced");
          }
          if (text.contains("admin")) {
            kinds.add("word");
          }
          if (input.length > Mutations.MOST_BYTES / 2) {
            kinds.add("extreme");
          }
          assertTrue(input.length <= Mutations.MOST_BYTES);
        });

    assertEquals(Set.of("untouched", "cut", "spliced", "word", "extreme"), kinds);
  }

  @Test
  void run_aFault_isShortenedNamedAndSaved() throws Exception {
    AssertionError found =
        assertThrows(
            AssertionError.class,
            () ->
                fuzz.run(
                    INPUTS,
                    input -> {
                      if (text(input).contains("adm")) {
                        throw new IllegalStateException("fault");
                      }
                    }));

    String hex = HexFormat.of().formatHex("adm".getBytes(StandardCharsets.US_ASCII));
    assertTrue(
        String.valueOf(found.getMessage()).endsWith("-Dvmqtt.fuzz.input=sample:" + hex),
        found.getMessage());
    assertEquals(hex, Files.readString(Path.of("target", "fuzz", "sample.hex")));
    Throwable cause = assertInstanceOf(IllegalStateException.class, found.getCause());
    assertEquals("fault", cause.getMessage());
  }

  @Test
  void finds_aFault_isSoWhereOneInputShowsItAlways() {
    int[] times = {0};

    assertTrue(fuzz.finds(INPUTS, input -> assertFalse(text(input).contains("adm"))));
    assertFalse(fuzz.finds(INPUTS, input -> assertFalse(text(input).contains("not there"))));
    assertFalse(
        fuzz.finds(INPUTS, _ -> assertTrue(times[0]++ != 3)), "the first time takes memory");
  }

  @Test
  void run_anError_isAFindingToo() {
    assertThrows(
        AssertionError.class,
        () ->
            fuzz.run(
                1,
                _ -> {
                  throw new StackOverflowError();
                }));
  }

  @Test
  void mended_mostInputs_areMade() {
    int[] made = {0};

    fuzz.mended(input -> new byte[] {1, 2, 3})
        .run(INPUTS, input -> made[0] += Arrays.equals(input, new byte[] {1, 2, 3}) ? 1 : 0);

    assertTrue(made[0] > INPUTS / 2 && made[0] < INPUTS, made[0] + " of " + INPUTS);
  }

  @Test
  void inParts_anyBytes_nothingIsLostOrMoved() {
    for (int length : new int[] {0, 1, 2, 24, 25, 5_000}) {
      byte[] bytes = new byte[length];
      new Random(length).nextBytes(bytes);
      for (List<byte[]> parts : Arrivals.inParts(bytes)) {
        ByteArrayOutputStream together = new ByteArrayOutputStream();
        parts.forEach(together::writeBytes);
        assertArrayEquals(bytes, together.toByteArray());
        assertTrue(parts.size() != 1 || length <= 1);
      }
    }
    assertEquals(24, Arrivals.inParts(new byte[24]).size(), "each byte alone, and each cut");
  }

  @Test
  void bounded_inputThatTakesMuchMore_isAFinding() {
    byte[] input = {1, 2, 3};

    assertEquals(7, HeapUse.bounded(input, 10, () -> 7));
    assertThrows(
        AssertionError.class, () -> HeapUse.bounded(input, 10, () -> new byte[4 << 20].length));
  }
}
