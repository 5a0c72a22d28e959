package io.vmqtt.standalone;

import io.vmqtt.cluster.option.Option;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The environment variables that stand in for options not given. An empty one counts as absent. */
record Environment(Map<String, String> variables) {
  private static final Pattern OF_SERVICE = Pattern.compile("(tcp|udp|sctp)://.*");

  Optional<String> text(Option<?> option) {
    String value = variables.get(option.variable());
    return value == null || value.isEmpty() || isOfKubernetes(option, value)
        ? Optional.empty()
        : Optional.of(value);
  }

  /** What to say of a variable that is there and does not count. */
  Optional<String> passedOver(Option<?> option) {
    String value = variables.get(option.variable());
    return isOfKubernetes(option, value)
        ? Optional.of(
            option.variable()
                + '='
                + value
                + " is not a port: Kubernetes sets it for a Service of that name; it is ignored")
        : Optional.empty();
  }

  /** {@code VMQTT_HTTP_PORT=tcp://10.0.0.7:80} in every pod beside a Service {@code vmqtt-http}. */
  private static boolean isOfKubernetes(Option<?> option, @Nullable String value) {
    return value != null && option.name().endsWith("port") && OF_SERVICE.matcher(value).matches();
  }
}
