package io.vmqtt.standalone;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The environment variables that stand in for options not given, named alike: {@code --http-port}
 * is {@code VMQTT_HTTP_PORT}. An empty one counts as absent.
 */
record Environment(Map<String, String> variables) implements IDefaultValueProvider {

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
      return null;
    }
    String value = variables.get(variableOf(option));
    return value == null || value.isEmpty() ? null : value;
  }

  static String variableOf(OptionSpec option) {
    String name = option.longestName().substring("--".length());
    return "VMQTT_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
