package io.vmqtt.cluster.process;

import io.vmqtt.cluster.node.ClusterOptions;
import io.vmqtt.cluster.node.HttpOptions;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What can be set of the process around a role. */
public final class ProcessOptions {
  public static final Option<String> HTTP_HOST =
      new Option<>(
          "http-host",
          RoleProcess.HTTP_HOST,
          OptionType.text("ADDRESS"),
          null,
          "every address",
          "Address to listen on for health, status and metrics",
          false);

  private ProcessOptions() {}

  /** Where HTTP is served unless somebody says otherwise. */
  public static Option<Integer> httpPort(int standard) {
    return new Option<>(
        "http-port",
        RoleProcess.HTTP_PORT,
        OptionType.port(),
        Integer.toString(standard),
        Integer.toString(standard),
        "Port for health, status and metrics, 0 for any free one",
        false);
  }

  /** Where links are served unless somebody says otherwise. */
  public static Option<Integer> grpcPort(int standard, String meaning) {
    return new Option<>(
        "grpc-port",
        RoleProcess.GRPC_PORT,
        OptionType.port(),
        Integer.toString(standard),
        Integer.toString(standard),
        meaning,
        true);
  }

  /** When a process that is not ready any more ends. */
  public static List<Option<?>> health() {
    return HealthPolicy.options();
  }

  /** The options of a process: those of its role, its ports, and what each has. */
  public static List<Option<?>> of(List<Option<?>> role, Option<?>... ports) {
    List<Option<?>> all = new ArrayList<>(role);
    all.addAll(Arrays.asList(ports));
    all.add(HTTP_HOST);
    all.addAll(HttpOptions.all());
    all.addAll(health());
    all.addAll(ClusterOptions.all());
    return List.copyOf(all);
  }
}
