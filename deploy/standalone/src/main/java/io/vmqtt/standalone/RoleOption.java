package io.vmqtt.standalone;

import io.vmqtt.cluster.option.Option;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;

/**
 * An option of a command, and the properties that are set by it: one, or in a process of several
 * roles that of each.
 */
record RoleOption(Option<?> option, List<String> properties) {

  /** Of one role. */
  static RoleOption of(Option<?> option) {
    return new RoleOption(option, List.of(option.property()));
  }

  String name() {
    return option.name();
  }

  /** As it is on the command line, and in its help with all that there is to know of it. */
  static OptionSpec onCommandLine(Option<?> option) {
    String facts =
        Stream.of(option.variable(), option.type().allowed(), "default " + option.standardWords())
            .filter(Predicate.not(String::isEmpty))
            .collect(Collectors.joining("; ", "(", ")"));
    OptionSpec.Builder spec =
        OptionSpec.builder("--" + option.name())
            .paramLabel(option.type().label())
            .type(String.class)
            .description(literally(option.meaning()), literally(facts));
    // Given alone it means true; its variable and its key in a file say which.
    return option.type().isFlag() ? spec.arity("0..1").fallbackValue("true").build() : spec.build();
  }

  /** Help is a format to the library. */
  private static String literally(String text) {
    return text.replace("%", "%%");
  }
}
