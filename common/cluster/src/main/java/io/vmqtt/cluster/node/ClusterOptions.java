package io.vmqtt.cluster.node;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionGroup;
import io.vmqtt.cluster.option.OptionType;
import java.util.List;

/** How a process takes part in a cluster. */
public final class ClusterOptions {
  private static final OptionGroup GROUP = new OptionGroup("vmqtt.").ofClusters();

  public static final Option<String> CONSUL =
      GROUP.option(
          "consul",
          OptionType.address(),
          "127.0.0.1:8500",
          "Where Consul's HTTP interface is; it may be away for a while");

  public static final Option<String> ADVERTISE_HOST =
      GROUP.derived(
          "advertise-host",
          OptionType.text("HOST"),
          "the local address from which this machine reaches Consul",
          "Name or address under which the other processes, and Consul's health check, reach this"
              + " one");

  private ClusterOptions() {}

  public static List<Option<?>> all() {
    return GROUP.all();
  }
}
