package io.vmqtt.standalone;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The environment variables that stand in for options not given, named alike: {@code --http-port}
 * is {@code VMQTT_HTTP_PORT}. An empty one counts as absent.
 */
record Environment(Map<String, String> variables) implements IDefaultValueProvider {
  private static final Pattern OF_SERVICE = Pattern.compile("(tcp|udp|sctp)://.*");

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
      return null;
    }
    String value = variables.get(variableOf(option));
    return value == null || value.isEmpty() || isOfKubernetes(option, value) ? null : value;
  }

  /** What to say of a variable that is there and does not count. */
  Optional<String> passedOver(OptionSpec option) {
    String variable = variableOf(option);
    String value = variables.get(variable);
    return value != null && isOfKubernetes(option, value)
        ? Optional.of(
            variable
                + '='
                + value
                + " is not a port: Kubernetes sets it for a Service of that name; it is ignored")
        : Optional.empty();
  }

  /** {@code VMQTT_HTTP_PORT=tcp://10.0.0.7:80} in every pod beside a Service {@code vmqtt-http}. */
  private static boolean isOfKubernetes(OptionSpec option, String value) {
    return option.longestName().endsWith("port") && OF_SERVICE.matcher(value).matches();
  }

  static String variableOf(OptionSpec option) {
    String name = option.longestName().substring("--".length());
    return "VMQTT_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
