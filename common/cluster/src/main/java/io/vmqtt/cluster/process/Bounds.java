package io.vmqtt.cluster.process;

import java.time.Duration;

/** Holds options to what they can be, with one wording for all of them. */
public final class Bounds {
  private Bounds() {}

  /**
   * A number within bounds, both of them allowed.
   *
   * @param property such as {@code vmqtt.gateway.port}
   * @throws OptionException if it is outside
   */
  public static void within(String property, int value, int least, int most) {
    if (value < least || value > most) {
      throw new OptionException(property + " must be " + least + " to " + most + ", not " + value);
    }
  }

  /**
   * A time within bounds, both of them allowed.
   *
   * @throws OptionException if it is outside
   */
  public static void within(String property, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new OptionException(
          property + " must be " + text(least) + " to " + text(most) + ", not " + text(value));
    }
  }

  /**
   * A number that is not too small.
   *
   * @throws OptionException if it is
   */
  public static void atLeast(String property, long value, long least) {
    if (value < least) {
      throw new OptionException(property + " must be at least " + least + ", not " + value);
    }
  }

  /** What no int can be is out of every bound, as the largest one is. */
  public static int asInt(long value) {
    return Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** As people write it: {@code 250ms}, {@code 3s}, {@code 1d}. */
  private static String text(Duration time) {
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
}
