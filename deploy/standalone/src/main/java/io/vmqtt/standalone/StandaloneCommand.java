package io.vmqtt.standalone;

import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Model.OptionSpec;

/** {@code vmqtt standalone}: a complete broker in one process, with the options of its roles. */
final class StandaloneCommand {
  /** What is of no use where nobody has to find anybody, and every shard has one replica. */
  private static final Set<String> OF_CLUSTERS =
      Set.of(
          RoleCommands.CONSUL,
          RoleCommands.ADVERTISE_HOST,
          RoleCommands.GRPC_PORT,
          "--raft-port",
          "--raft-host",
          "--name",
          "--replication-factor",
          "--initial-stores",
          "--new-cluster",
          "--status-timeout",
          "--status-parallelism");

  private StandaloneCommand() {}

  /**
   * The command.
   *
   * @param roles those whose options it has; of an option of several, it sets that of each
   */
  static RoleCommand of(List<RoleCommand> roles) {
    return new RoleCommand(
        "standalone",
        "A complete broker in one process: all roles, no Consul, no Docker.",
        StandaloneCommand::start,
        options(roles),
        StandaloneCommand::lines,
        "its shards");
  }

  /** Those that mean another thing, or have another default, where all roles are together. */
  private static List<OptionSpec> ownOptions() {
    return List.of(
        RoleOptions.folder("--data", "data/standalone", "Folder for everything durable"),
        RoleOptions.count(
            RoleCommands.SHARDS,
            "Shards of a new data folder, fixed from then on; without it, "
                + StandaloneOptions.SHARDS),
        RoleOptions.text(
            RoleCommands.HTTP_HOST,
            "ADDRESS",
            "127.0.0.1",
            "Address for health, status and metrics; 0.0.0.0 for every one"),
        RoleOptions.port(
            RoleCommands.HTTP_PORT,
            8090,
            "Port for health, status and metrics, 0 for any free one"),
        RoleOptions.time(
            "--failure-detection", "3s", "How long one role waits for another that is silent"));
  }

  private static List<RoleOption> options(List<RoleCommand> roles) {
    Map<String, TreeSet<String>> properties = new HashMap<>();
    List<OptionSpec> specs = new ArrayList<>();
    for (RoleCommand role : roles) {
      for (RoleOption option : role.options()) {
        if (!OF_CLUSTERS.contains(option.name())) {
          if (!properties.containsKey(option.name())) {
            specs.add(option.spec());
          }
          properties
              .computeIfAbsent(option.name(), name -> new TreeSet<>())
              .addAll(option.properties());
        }
      }
    }
    for (OptionSpec own : ownOptions()) {
      specs.replaceAll(spec -> spec.longestName().equals(own.longestName()) ? own : spec);
    }
    return specs.stream()
        .map(spec -> new RoleOption(spec, List.copyOf(properties.get(spec.longestName()))))
        .toList();
  }

  private static RoleProcess start(Map<String, Object> options) throws StartException {
    Map<String, Object> alone = new HashMap<>(options);
    alone.put("micronaut.application.name", "vmqtt");
    // Even where VMQTT_CONSUL is set for the others on this machine.
    alone.put("vmqtt.consul", "");
    return RoleProcess.start("standalone", Map.of(), alone);
  }

  private static List<String> lines(RoleCommand command) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "MQTT   " + command.option("--host") + ':' + command.meta(StandaloneProcess.MQTT_PORT));
    String shards = command.meta(StandaloneProcess.SHARDS);
    lines.add(
        "data   " + ((Path) command.option("--data")).toAbsolutePath() + ", " + shards + " shards");
    Object wanted = command.spec().findOption(RoleCommands.SHARDS).getValue();
    if (wanted != null && !wanted.toString().equals(shards)) {
      lines.add(
          "--shards "
              + wanted
              + " is for a new data folder: this one has "
              + shards
              + " shards for all its life");
    }
    return lines;
  }
}
