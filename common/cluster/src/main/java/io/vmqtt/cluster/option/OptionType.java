package io.vmqtt.cluster.option;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How the values of an option are written, and what they can be. */
public final class OptionType<T> {
  private static final int MOST_PORT = 65_535;
  private static final Pattern ADDRESS =
      Pattern.compile("(?:[\\w.-]+|\\[[0-9a-fA-F:.%]+]):(\\d{1,5})");

  private static final OptionType<Boolean> FLAG =
      of(
          "BOOL",
          "true or false",
          text -> text.matches("(?i)true|false") ? Boolean.valueOf(text) : null,
          Range.any("true or false"));

  private final String label;
  private final String noun;
  private final Function<String, @Nullable T> parser;
  private final Range<T> range;
  private final Predicate<T> leftOpen;
  private final UnaryOperator<String> shown;

  /**
   * What a value can be.
   *
   * @param numbers in a complaint, where units would hide by how much it is out: {@code 1024 to
   *     2048}
   * @param words in a help: {@code 1k to 2k}; empty: there is nothing to say
   */
  private record Range<T>(Predicate<T> contains, String numbers, String words) {
    static <T> Range<T> any(String words) {
      return new Range<>(value -> true, "", words);
    }

    static <T extends Comparable<T>> Range<T> of(
        T least, @Nullable T most, Function<T, String> numbers, Function<T, String> words) {
      return new Range<>(
          value -> value.compareTo(least) >= 0 && (most == null || value.compareTo(most) <= 0),
          text(least, most, numbers),
          text(least, most, words));
    }

    private static <T> String text(T least, @Nullable T most, Function<T, String> writer) {
      return most == null
          ? "at least " + writer.apply(least)
          : writer.apply(least) + " to " + writer.apply(most);
    }
  }

  /**
   * @param label stands for a value in a help
   * @param noun completes "that is not"
   * @param parser gives null for a text that stands for no value
   * @param leftOpen which values leave it to the process to choose another
   * @param shown what of a text others may see
   */
  private OptionType(
      String label,
      String noun,
      Function<String, @Nullable T> parser,
      Range<T> range,
      Predicate<T> leftOpen,
      UnaryOperator<String> shown) {
    this.label = label;
    this.noun = noun;
    this.parser = parser;
    this.range = range;
    this.leftOpen = leftOpen;
    this.shown = shown;
  }

  private static <T> OptionType<T> of(
      String label, String noun, Function<String, @Nullable T> parser, Range<T> range) {
    return new OptionType<>(label, noun, parser, range, value -> false, Confidences::hide);
  }

  /** {@code 0} to {@code 65535}. */
  public static OptionType<Integer> port() {
    return of(
        "PORT",
        "a port, 0 to " + MOST_PORT,
        text -> portOf(text),
        Range.of(0, MOST_PORT, Object::toString, Object::toString));
  }

  private static @Nullable Integer portOf(String text) {
    return text.matches("\\d{1,5}") && Integer.parseInt(text) <= MOST_PORT
        ? Integer.valueOf(text)
        : null;
  }

  /** {@code true} or {@code false}. */
  public static OptionType<Boolean> flag() {
    return FLAG;
  }

  /** A whole number, both bounds allowed. */
  public static OptionType<Integer> count(int least, int most) {
    return count(Range.of(least, most, Object::toString, Object::toString));
  }

  /** A whole number that is not too small. */
  public static OptionType<Integer> count(int least) {
    return count(Range.of(least, null, Object::toString, Object::toString));
  }

  private static OptionType<Integer> count(Range<Integer> range) {
    return of(
        "N",
        "a number from 0 to 999999999",
        text -> text.matches("\\d{1,9}") ? Integer.valueOf(text) : null,
        range);
  }

  /** {@code 1048576}, {@code 1024k}, {@code 1M}, both bounds allowed. */
  public static OptionType<Long> bytes(long least, long most) {
    return bytes(Range.of(least, most, Object::toString, Units::bytes));
  }

  /** A size that is not too small. */
  public static OptionType<Long> bytes(long least) {
    return bytes(Range.of(least, null, Object::toString, Units::bytes));
  }

  private static OptionType<Long> bytes(Range<Long> range) {
    return of("BYTES", "a size such as 4096, 64k or 1M", Units::parseBytes, range);
  }

  /** {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code 1d}, both bounds allowed. */
  public static OptionType<Duration> time(Duration least, Duration most) {
    return of(
        "TIME",
        "a time such as 500ms, 10s, 5m, 1h or 1d",
        Units::parseTime,
        Range.of(least, most, Units::time, Units::time));
  }

  /** {@code 127.0.0.1:8500}, {@code consul:8500}, {@code [::1]:8500}. */
  public static OptionType<String> address() {
    return of(
        "HOST:PORT",
        "HOST:PORT such as 127.0.0.1:8500",
        text -> {
          Matcher matcher = ADDRESS.matcher(text);
          Integer port = matcher.matches() ? portOf(matcher.group(1)) : null;
          return port == null || port == 0 ? null : text;
        },
        Range.any(""));
  }

  /** Any text. */
  public static OptionType<String> text(String label) {
    return of(label, "a text", text -> text, Range.any(""));
  }

  /** A file or folder, whether it is there or not. */
  public static OptionType<Path> path(String label) {
    return of(label, "a path", text -> Path.of(text), Range.any(""));
  }

  /** One of a few, in capitals or not. */
  public static <E extends Enum<E>> OptionType<E> choice(Class<E> choices) {
    String names =
        Arrays.stream(choices.getEnumConstants()).map(Enum::name).collect(Collectors.joining(", "));
    return of(
        "CHOICE",
        "one of " + names,
        text ->
            Arrays.stream(choices.getEnumConstants())
                .filter(choice -> choice.name().equals(text.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElse(null),
        Range.any(names));
  }

  /** The same where zero, whatever the bounds, leaves the choice to the process. */
  public static OptionType<Long> orZero(OptionType<Long> type) {
    return new OptionType<>(
        type.label,
        type.noun,
        type.parser,
        new Range<>(type.range.contains(), type.range.numbers(), "0, or " + type.range.words()),
        value -> value == 0,
        type.shown);
  }

  /** The same where only a part of what is written may be seen by others. */
  public static <T> OptionType<T> confidential(OptionType<T> type, UnaryOperator<String> shown) {
    return new OptionType<>(type.label, type.noun, type.parser, type.range, type.leftOpen, shown);
  }

  /**
   * The value that a text stands for.
   *
   * @param as what to call it in a complaint
   * @throws OptionException if it stands for none that can be
   */
  public T read(String text, String as) {
    T value = parser.apply(text);
    if (value == null) {
      throw new OptionException(as + ": '" + text + "' is not " + noun);
    }
    if (!leftOpen.test(value)) {
      require(value, as);
    }
    return value;
  }

  /**
   * Holds a value that did not come as a text to the bounds.
   *
   * @param as what to call it in a complaint
   * @throws OptionException if it is outside
   */
  public void require(T value, String as) {
    if (!range.contains().test(value)) {
      throw new OptionException(as + " must be " + range.numbers() + ", not " + Units.text(value));
    }
  }

  /** Whether a value leaves it to the process to choose another. */
  boolean isLeftOpen(T value) {
    return leftOpen.test(value);
  }

  /** What others may see of a text: without passwords, such as those in addresses. */
  public String shown(String text) {
    return shown.apply(text);
  }

  /** Stands for a value in a help: {@code PORT}. */
  public String label() {
    return label;
  }

  /** What a value can be, for people; empty where there is nothing to say. */
  public String allowed() {
    return range.words();
  }

  /** Whether the name of such an option alone means that it is true. */
  public boolean isFlag() {
    return this == FLAG;
  }
}
