package io.vmqtt.cluster.option;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the value of an option came from.
 *
 * @param where the variable, or the file and its line; null where the kind says all
 */
public record OptionOrigin(Kind kind, @Nullable String where) {
  /** Nobody has said anything. */
  public static final OptionOrigin DEFAULT = new OptionOrigin(Kind.DEFAULT, null);

  /** It was given to the command. */
  public static final OptionOrigin COMMAND_LINE = new OptionOrigin(Kind.COMMAND_LINE, null);

  private static final String PREFIX = "vmqtt.origin.";

  /** Who can say something. */
  public enum Kind {
    COMMAND_LINE,
    ENVIRONMENT,
    FILE,
    /** The program that started the process. */
    PROGRAM,
    /** An operator, since the start. */
    RUN_TIME,
    DEFAULT;

    /** For people: {@code command line}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** By that variable. */
  public static OptionOrigin environment(String variable) {
    return new OptionOrigin(Kind.ENVIRONMENT, variable);
  }

  /** In that place. */
  public static OptionOrigin file(String where) {
    return new OptionOrigin(Kind.FILE, where);
  }

  /** Where a process is told about the value of a property. */
  public static String propertyOf(String property) {
    return PREFIX + property;
  }

  /** The property that such a one is about; null: it is no such. */
  public static @Nullable String aboutProperty(String property) {
    return property.startsWith(PREFIX) ? property.substring(PREFIX.length()) : null;
  }

  /** As {@link #parse} reads it. */
  public String text() {
    return where == null ? kind.name() : kind.name() + ' ' + where;
  }

  /**
   * What {@link #text} has written.
   *
   * @throws IllegalArgumentException if it has not
   */
  public static OptionOrigin parse(String text) {
    int space = text.indexOf(' ');
    return space < 0
        ? new OptionOrigin(Kind.valueOf(text), null)
        : new OptionOrigin(Kind.valueOf(text.substring(0, space)), text.substring(space + 1));
  }

  /** For people: {@code environment VMQTT_DATA}. */
  @Override
  public String toString() {
    return where == null ? kind.label() : kind.label() + ' ' + where;
  }
}
