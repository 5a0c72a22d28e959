package io.vmqtt.cluster.option;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sizes and times as people write them. */
final class Units {
  private static final Map<String, Integer> SHIFTS =
      Map.of("", 0, "k", 10, "K", 10, "m", 20, "M", 20, "g", 30, "G", 30);

  private static final Map<String, Duration> TIMES =
      Map.of(
          "ms",
          Duration.ofMillis(1),
          "s",
          Duration.ofSeconds(1),
          "m",
          Duration.ofMinutes(1),
          "h",
          Duration.ofHours(1),
          "d",
          Duration.ofDays(1));

  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,18})([a-zA-Z]*)");

  /** So many digits that no unit makes a time overflow. */
  private static final long MOST_OF_A_UNIT = 999_999_999;

  private Units() {}

  /** {@code 1048576}, {@code 1024k}, {@code 1M}; null where it is none, or more than there is. */
  static @Nullable Long parseBytes(String text) {
    Matcher matcher = AMOUNT.matcher(text);
    Integer shift = matcher.matches() ? SHIFTS.get(matcher.group(2)) : null;
    if (shift == null) {
      return null;
    }
    long amount = Long.parseLong(matcher.group(1));
    return amount > Long.MAX_VALUE >> shift ? null : Long.valueOf(amount << shift);
  }

  /** {@code 64k} where no digit of it is lost. */
  static String bytes(long bytes) {
    for (int shift = 30; shift > 0; shift -= 10) {
      long amount = bytes >> shift;
      if (amount > 0 && amount << shift == bytes) {
        return amount + (shift == 30 ? "G" : shift == 20 ? "M" : "k");
      }
    }
    return Long.toString(bytes);
  }

  /** {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code 1d}; null where it is none. */
  static @Nullable Duration parseTime(String text) {
    Matcher matcher = AMOUNT.matcher(text);
    Duration unit = matcher.matches() ? TIMES.get(matcher.group(2)) : null;
    long amount = unit == null ? 0 : Long.parseLong(matcher.group(1));
    return unit == null || amount > MOST_OF_A_UNIT ? null : unit.multipliedBy(amount);
  }

  /** {@code 250ms}, {@code 3s}, {@code 1d}. */
  static String time(Duration time) {
    if (time.toMillisPart() != 0) {
      return time.toMillis() + "ms";
    }
    if (time.toSecondsPart() != 0 || time.isZero()) {
      return time.toSeconds() + "s";
    }
    if (time.toMinutesPart() != 0) {
      return time.toMinutes() + "m";
    }
    return time.toHoursPart() != 0 ? time.toHours() + "h" : time.toDays() + "d";
  }

  /** A value in a complaint. */
  static String text(Object value) {
    return value instanceof Duration time ? time(time) : value.toString();
  }
}
