package io.vmqtt.standalone;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Makes options, whose help names the environment variable too. What has no default is left to the
 * role.
 */
final class RoleOptions {
  private RoleOptions() {}

  static OptionSpec port(String name, int standard, String description) {
    return converted(
        name, "PORT", Integer.class, new OptionTypes.Port(), "" + standard, description);
  }

  /** Given alone it means true, and its variable says which. */
  static OptionSpec flag(String name, String description) {
    return documented(
        option(name, "BOOL", Boolean.class, "false", description)
            .arity("0..1")
            .fallbackValue("true"));
  }

  static OptionSpec count(String name, long standard, String description) {
    return converted(
        name, "N", Long.class, new OptionTypes.Count(), Long.toString(standard), description);
  }

  static OptionSpec count(String name, String description) {
    return converted(name, "N", Long.class, new OptionTypes.Count(), null, description);
  }

  static OptionSpec bytes(String name, String standard, String description) {
    return converted(name, "BYTES", Long.class, new OptionTypes.Bytes(), standard, description);
  }

  static OptionSpec time(String name, String standard, String description) {
    return converted(name, "TIME", Duration.class, new OptionTypes.Time(), standard, description);
  }

  static OptionSpec address(String name, String standard, String description) {
    return converted(
        name, "HOST:PORT", String.class, new OptionTypes.Address(), standard, description);
  }

  static OptionSpec text(String name, String label, String standard, String description) {
    return documented(option(name, label, String.class, standard, description));
  }

  static OptionSpec text(String name, String label, String description) {
    return documented(option(name, label, String.class, null, description));
  }

  static OptionSpec folder(String name, String standard, String description) {
    return documented(option(name, "DIR", Path.class, standard, description));
  }

  static <E extends Enum<E>> OptionSpec choice(
      String name, Class<E> choices, E standard, String description) {
    return documented(
        option(
            name, "CHOICE", choices, standard.name(), description + ": ${COMPLETION-CANDIDATES}"));
  }

  private static <T> OptionSpec converted(
      String name,
      String label,
      Class<T> type,
      ITypeConverter<T> converter,
      @Nullable String standard,
      String description) {
    return documented(option(name, label, type, standard, description).converters(converter));
  }

  private static OptionSpec.Builder option(
      String name, String label, Class<?> type, @Nullable String standard, String description) {
    OptionSpec.Builder option =
        OptionSpec.builder(name).paramLabel(label).type(type).description(description);
    return standard == null ? option : option.defaultValue(standard);
  }

  /** The option, with its variable and its default in its help. */
  private static OptionSpec documented(OptionSpec.Builder option) {
    OptionSpec built = option.build();
    String standard = built.defaultValue();
    String origin =
        Environment.variableOf(built) + (standard == null ? "" : "; default " + standard);
    return option.description(built.description()[0], '(' + origin + ')').build();
  }
}
