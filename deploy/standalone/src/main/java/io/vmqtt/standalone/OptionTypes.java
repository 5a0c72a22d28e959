package io.vmqtt.standalone;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How values of options are written. */
final class OptionTypes {
  private static final Map<String, Integer> SHIFTS =
      Map.of("", 0, "k", 10, "K", 10, "m", 20, "M", 20, "g", 30, "G", 30);

  private static final Map<String, Duration> UNITS =
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

  /** So many digits that no unit makes the number overflow. */
  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,9})([a-zA-Z]*)");

  private static final Pattern ADDRESS =
      Pattern.compile("(?:[\\w.-]+|\\[[0-9a-fA-F:.%]+]):(\\d{1,5})");

  private static final int MOST_PORT = 65_535;

  private OptionTypes() {}

  /** {@code 0} to {@code 65535}. */
  static final class Port implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > MOST_PORT) {
        throw new TypeConversionException("'" + value + "' is not a port, 0 to 65535");
      }
      return Integer.valueOf(value);
    }
  }

  /** {@code 127.0.0.1:8500}, {@code consul:8500}, {@code [::1]:8500}. */
  static final class Address implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      Matcher matcher = ADDRESS.matcher(value);
      if (!matcher.matches() || !isPort(Integer.parseInt(matcher.group(1)))) {
        throw new TypeConversionException(
            "'" + value + "' is not HOST:PORT such as 127.0.0.1:8500");
      }
      return value;
    }

    private static boolean isPort(int number) {
      return number > 0 && number <= MOST_PORT;
    }
  }

  /** A whole number. */
  static final class Count implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
      if (!value.matches("\\d{1,9}")) {
        throw new TypeConversionException("'" + value + "' is not a number from 0 to 999999999");
      }
      return Long.valueOf(value);
    }
  }

  /** {@code 1048576}, {@code 1024k}, {@code 1M}. */
  static final class Bytes implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
      Matcher matcher = AMOUNT.matcher(value);
      Integer shift = matcher.matches() ? SHIFTS.get(matcher.group(2)) : null;
      if (shift == null) {
        throw new TypeConversionException("'" + value + "' is not a size such as 4096, 64k or 1M");
      }
      return Long.parseLong(matcher.group(1)) << shift;
    }
  }

  /** {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code 1d}. */
  static final class Time implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      Matcher matcher = AMOUNT.matcher(value);
      Duration unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
      if (unit == null) {
        throw new TypeConversionException(
            "'" + value + "' is not a time such as 500ms, 10s, 5m, 1h or 1d");
      }
      return unit.multipliedBy(Long.parseLong(matcher.group(1)));
    }
  }
}
