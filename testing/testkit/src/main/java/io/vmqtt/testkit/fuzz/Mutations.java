package io.vmqtt.testkit.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Makes of samples what is nearly as they are: turns bits, cuts, doubles, splices, puts in words
 * and lengths that are extreme. The same dice make the same input.
 */
final class Mutations {
  /** So that a double of a double does not fill the memory of the test itself. */
  static final int MOST_BYTES = 96 << 10;

  private static final int MOST_CHANGES = 4;
  private static final int UNCHANGED_ONE_IN = 40;
  private static final int KINDS = 10;
  private static final int[] EXTREME = {0, 1, 0x7F, 0x80, 0xFE, 0xFF};
  private static final int[] EXTREME_LENGTHS = {0, 1, 126, 127, 128, 0x7FFF, 0x8000, 0xFFFF};

  private final List<byte[]> samples;
  private final List<byte[]> words;

  /**
   * Of these samples, at least one.
   *
   * @param words what means something there; may be none
   */
  Mutations(List<byte[]> samples, List<byte[]> words) {
    this.samples = List.copyOf(samples);
    this.words = List.copyOf(words);
  }

  /** The next input by these dice. */
  byte[] next(RandomGenerator dice) {
    byte[] input = any(samples, dice).clone();
    if (dice.nextInt(UNCHANGED_ONE_IN) > 0) {
      for (int i = dice.nextInt(MOST_CHANGES); i >= 0; i--) {
        input = changed(input, dice);
      }
    }
    return input.length > MOST_BYTES ? Arrays.copyOf(input, MOST_BYTES) : input;
  }

  private byte[] changed(byte[] from, RandomGenerator dice) {
    int at = dice.nextInt(from.length + 1);
    int to = at + dice.nextInt(Math.min(from.length - at, 1 + dice.nextInt(64)) + 1);
    return switch (dice.nextInt(KINDS)) {
      case 0 -> with(from, at, old -> old ^ 1 << dice.nextInt(8));
      case 1 -> with(from, at, _ -> EXTREME[dice.nextInt(EXTREME.length)]);
      case 2 -> Arrays.copyOf(from, at);
      case 3 -> replaced(from, at, to, new byte[0]);
      case 4 -> repeated(from, at, to, dice);
      case 5 -> {
        byte[] other = any(samples, dice);
        yield replaced(from, at, from.length, tail(other, dice.nextInt(other.length + 1)));
      }
      case 6 -> replaced(from, at, at, random(dice));
      case 7 -> withLength(from, at, EXTREME_LENGTHS[dice.nextInt(EXTREME_LENGTHS.length)]);
      case 8 -> withLength(from, at, from.length - at + dice.nextInt(-3, 4));
      default ->
          words.isEmpty()
              ? replaced(from, at, to, random(dice))
              : replaced(from, at, dice.nextBoolean() ? at : to, any(words, dice));
    };
  }

  private interface Turn {
    int of(int old);
  }

  private static byte[] with(byte[] from, int at, Turn turn) {
    byte[] changed = from.clone();
    if (at < changed.length) {
      changed[at] = (byte) turn.of(changed[at]);
    }
    return changed;
  }

  /** Two bytes, as most lengths are. */
  private static byte[] withLength(byte[] from, int at, int length) {
    byte[] changed = from.clone();
    if (at + 1 < changed.length) {
      changed[at] = (byte) (length >> 8);
      changed[at + 1] = (byte) length;
    }
    return changed;
  }

  /** Mostly a few times, now and then as often as there is room. */
  private static byte[] repeated(byte[] from, int at, int to, RandomGenerator dice) {
    int length = to - at;
    int most = length == 0 ? 0 : (MOST_BYTES - from.length) / length;
    int times = dice.nextInt(16) == 0 ? most : Math.min(most, 1 + dice.nextInt(8));
    byte[] more = new byte[Math.max(0, times) * length];
    for (int i = 0; i < more.length; i++) {
      more[i] = from[at + i % length];
    }
    return replaced(from, to, to, more);
  }

  private static byte[] random(RandomGenerator dice) {
    byte[] bytes = new byte[1 + dice.nextInt(8)];
    dice.nextBytes(bytes);
    return bytes;
  }

  private static byte[] tail(byte[] from, int at) {
    return Arrays.copyOfRange(from, at, from.length);
  }

  private static byte[] replaced(byte[] from, int at, int to, byte[] by) {
    byte[] changed = new byte[from.length - (to - at) + by.length];
    System.arraycopy(from, 0, changed, 0, at);
    System.arraycopy(by, 0, changed, at, by.length);
    System.arraycopy(from, to, changed, at + by.length, from.length - to);
    return changed;
  }

  private static byte[] any(List<byte[]> all, RandomGenerator dice) {
    return all.get(dice.nextInt(all.size()));
  }
}
