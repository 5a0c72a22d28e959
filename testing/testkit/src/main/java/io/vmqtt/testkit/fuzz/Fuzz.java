package io.vmqtt.testkit.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Shows a parser inputs that nobody should send, always the same ones:
 *
 * <pre>{@code
 * Fuzz.of("jwt", samples).words("null", "1e999").mended(SIGN).run(5_000, input -> ...);
 * }</pre>
 *
 * <p>An input that fails is made smaller as long as it fails, saved as hex in {@code
 * target/fuzz/NAME.hex}, and named in the error. {@code -Dvmqtt.fuzz.input=NAME:HEX}, or {@code
 * NAME:@FILE}, tries that one alone; {@code -Dvmqtt.fuzz.seed=7} tries others; {@code
 * -Dvmqtt.fuzz.times=100} so many more. Immutable.
 */
public final class Fuzz {
  private static final long SEED = Long.getLong("vmqtt.fuzz.seed", 1);
  private static final int TIMES = Integer.getInteger("vmqtt.fuzz.times", 1);
  private static final Path SAVED = Path.of("target", "fuzz");
  private static final int SHOWN_BYTES = 2_000;
  private static final int MOST_TRIES_TO_SHORTEN = 2_000;

  private final String name;
  private final List<byte[]> samples;
  private final List<byte[]> words;
  private final UnaryOperator<byte[]> mend;

  /**
   * What is tried, each time as if it were the first. Whatever it throws is a finding, if it throws
   * again: the first time classes may be loaded, which takes memory.
   */
  public interface Target {
    void take(byte[] input) throws Exception;
  }

  private Fuzz(String name, List<byte[]> samples, List<byte[]> words, UnaryOperator<byte[]> mend) {
    this.name = name;
    this.samples = samples;
    this.words = words;
    this.mend = mend;
  }

  /**
   * From valid inputs, at least one.
   *
   * @param name unlike that of others
   */
  public static Fuzz of(String name, List<byte[]> samples) {
    return new Fuzz(name, List.copyOf(samples), List.of(), UnaryOperator.identity());
  }

  /** From valid texts. */
  public static Fuzz ofTexts(String name, String... samples) {
    return of(name, bytes(samples));
  }

  private static List<byte[]> bytes(String... texts) {
    return Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /** Knowing words that mean something there. */
  public Fuzz words(String... means) {
    return new Fuzz(name, samples, bytes(means), mend);
  }

  /** With most inputs made good where else nothing behind it would ever be read: a length, say. */
  public Fuzz mended(UnaryOperator<byte[]> by) {
    return new Fuzz(name, samples, words, by);
  }

  /** The input of a number; each depends on seed, name and number alone. */
  byte[] input(int number) {
    Random dice = new Random(31 * (31 * SEED + name.hashCode()) + number);
    byte[] made = new Mutations(samples, words).next(dice);
    return dice.nextInt(4) == 0 ? made : mend.apply(made);
  }

  /** Tries so many inputs. */
  public void run(int inputs, Target target) {
    String again = System.getProperty("vmqtt.fuzz.input", "");
    if (again.startsWith(name + ':')) {
      byte[] input = read(again.substring(name.length() + 1));
      fail(target, input, "the input that was asked for");
      return;
    }
    for (int i = 0; i < inputs * TIMES; i++) {
      fail(target, input(i), "seed " + SEED + ", input " + i);
    }
  }

  /**
   * Whether one of so many inputs fails, for a fault that was planted to see that: of inputs, and
   * of what is asked about each, nobody knows else whether they find any. Nothing is saved.
   */
  public boolean finds(int inputs, Target target) {
    for (int i = 0; i < inputs; i++) {
      if (failsAgain(target, input(i))) {
        return true;
      }
    }
    return false;
  }

  private void fail(Target target, byte[] input, String which) {
    if (failsAgain(target, input)) {
      byte[] shortest = shortened(target, input);
      String hex = HexFormat.of().formatHex(shortest);
      save(hex);
      throw new AssertionError(
          "%s: %s fails; so do these %d bytes, -Dvmqtt.fuzz.input=%s:%s"
              .formatted(
                  name,
                  which,
                  shortest.length,
                  name,
                  shortest.length > SHOWN_BYTES ? "@" + SAVED.resolve(name + ".hex") : hex),
          failure(target, shortest));
    }
  }

  private static boolean failsAgain(Target target, byte[] input) {
    boolean fails = failure(target, input) != null;
    return fails && failure(target, input) != null;
  }

  /** Also that of an error, such as a stack that is too deep. */
  private static @Nullable Throwable failure(Target target, byte[] input) {
    try {
      target.take(input);
      return null;
    } catch (Exception | Error e) {
      return e;
    }
  }

  /** Leaves out halves, quarters and so on, as long as what is left fails in the same way. */
  private static byte[] shortened(Target target, byte[] input) {
    Throwable failure = failure(target, input);
    Class<?> kind = failure == null ? AssertionError.class : failure.getClass();
    byte[] shortest = input;
    int tries = 0;
    for (int length = input.length / 2; length > 0; length /= 2) {
      for (int at = 0; at < shortest.length && tries < MOST_TRIES_TO_SHORTEN; tries++) {
        byte[] without = without(shortest, at, Math.min(at + length, shortest.length));
        if (kind.isInstance(failure(target, without))) {
          shortest = without;
        } else {
          at += length;
        }
      }
    }
    return shortest;
  }

  private static byte[] without(byte[] all, int from, int to) {
    byte[] less = Arrays.copyOf(all, all.length - (to - from));
    System.arraycopy(all, to, less, from, all.length - to);
    return less;
  }

  private void save(String hex) {
    try {
      Files.createDirectories(SAVED);
      Files.writeString(SAVED.resolve(name + ".hex"), hex);
    } catch (IOException e) {
      throw new UncheckedIOException("a failing input cannot be saved", e);
    }
  }

  private static byte[] read(String hexOrFile) {
    try {
      String hex =
          hexOrFile.startsWith("@") ? Files.readString(Path.of(hexOrFile.substring(1))) : hexOrFile;
      return HexFormat.of().parseHex(hex.strip());
    } catch (IOException e) {
      throw new UncheckedIOException("no input to try again", e);
    }
  }
}
