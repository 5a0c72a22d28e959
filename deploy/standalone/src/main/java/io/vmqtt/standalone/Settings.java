package io.vmqtt.standalone;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionOrigin;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What a command was told: an option on the command line beats its environment variable, that beats
 * the configuration file, and that the default.
 */
final class Settings {
  private final String command;
  private final Function<String, Optional<String>> commandLine;
  private final Environment environment;
  private final ConfigFile file;

  /**
   * A value that somebody gave.
   *
   * @param from where
   */
  record Given(String text, OptionOrigin from) {

    /** To be put behind a complaint; empty where the command line shows it. */
    String origin() {
      return from.where() == null ? "" : ", from " + from.where();
    }
  }

  /**
   * Reads the configuration file, where one is named.
   *
   * @param commandLine the text given for an option, by its name with its dashes
   * @param commands the names of the options of each command, for the file
   * @throws OptionException if the file cannot be read, or holds what no command knows
   */
  Settings(
      String command,
      Function<String, Optional<String>> commandLine,
      Environment environment,
      Map<String, Set<String>> commands) {
    this.command = command;
    this.commandLine = commandLine;
    this.environment = environment;
    Optional<Given> path = told(CommonOptions.CONFIG);
    this.file =
        path.isEmpty() ? ConfigFile.NONE : ConfigFile.read(Path.of(path.get().text()), commands);
  }

  /** Who said what of an option, if anybody did. */
  Optional<Given> given(Option<?> option) {
    return told(option).or(() -> file.find(command, option.name()));
  }

  /** Where what holds for an option is from. */
  OptionOrigin origin(Option<?> option) {
    return given(option).map(Given::from).orElse(OptionOrigin.DEFAULT);
  }

  /** The same without the file. */
  private Optional<Given> told(Option<?> option) {
    return commandLine
        .apply("--" + option.name())
        .map(text -> new Given(text, OptionOrigin.COMMAND_LINE))
        .or(
            () ->
                environment
                    .text(option)
                    .map(text -> new Given(text, OptionOrigin.environment(option.variable()))));
  }

  /**
   * What holds for an option, as it is written; nothing where that is left to the process.
   *
   * @throws OptionException if it cannot be; the message says where it is from
   */
  Optional<String> text(Option<?> option) {
    Optional<Given> given = given(option);
    if (given.isEmpty()) {
      return Optional.ofNullable(option.standard());
    }
    try {
      var _ = option.read(given.get().text(), "--" + option.name());
    } catch (OptionException e) {
      throw new OptionException(e.getMessage() + given.get().origin());
    }
    return given.map(Given::text);
  }
}
