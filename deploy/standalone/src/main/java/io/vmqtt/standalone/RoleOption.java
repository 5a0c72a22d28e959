package io.vmqtt.standalone;

import io.vmqtt.cluster.process.RoleProcess;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;

/**
 * An option, and the properties that are set by it: one, or in a process of several roles that of
 * each.
 */
record RoleOption(OptionSpec spec, List<String> properties) {
  /** Options whose property is not that of the role with the same name. */
  private static final Map<String, String> PROPERTIES =
      Map.of(
          RoleCommands.CONSUL,
          "vmqtt.consul",
          RoleCommands.ADVERTISE_HOST,
          "vmqtt.advertise-host",
          RoleCommands.HTTP_HOST,
          RoleProcess.HTTP_HOST,
          RoleCommands.HTTP_PORT,
          RoleProcess.HTTP_PORT,
          RoleCommands.GRPC_PORT,
          RoleProcess.GRPC_PORT);

  /** Of one role: {@code --max-tasks} of a router is {@code vmqtt.router.max-tasks}. */
  static RoleOption of(String role, OptionSpec spec) {
    String name = spec.longestName();
    return new RoleOption(
        spec,
        List.of(
            PROPERTIES.getOrDefault(name, "vmqtt." + role + '.' + name.substring("--".length()))));
  }

  String name() {
    return spec.longestName();
  }
}
