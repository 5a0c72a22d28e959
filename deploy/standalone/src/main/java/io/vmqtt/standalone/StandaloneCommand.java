package io.vmqtt.standalone;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.node.ClusterOptions;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionOrigin;
import io.vmqtt.cluster.process.ProcessOptions;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import io.vmqtt.registry.config.RegistryOptions;
import io.vmqtt.store.config.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** {@code vmqtt standalone}: a complete broker in one process, with the options of its roles. */
final class StandaloneCommand {
  static final Option<Integer> HTTP_PORT = ProcessOptions.httpPort(8090);

  private static final String SHARDS = RegistryOptions.SHARDS.name();

  /** Where its roles are to each other. */
  private static final String HERE = "127.0.0.1";

  private StandaloneCommand() {}

  /**
   * The command.
   *
   * @param roles those whose options it has; of an option of several, it sets that of each
   */
  static RoleCommand of(List<RoleCommand> roles, Environment environment) {
    List<RoleOption> options = options(roles);
    return new RoleCommand(
        "standalone",
        "A complete broker in one process: all roles, no Consul, no Docker.",
        set -> start(options.stream().<Option<?>>map(RoleOption::option).toList(), set),
        options,
        StandaloneCommand::lines,
        "its shards",
        environment);
  }

  /** All of the roles, but those by which processes find each other. */
  private static List<RoleOption> options(List<RoleCommand> roles) {
    Map<String, Option<?>> options = new LinkedHashMap<>();
    Map<String, Set<String>> properties = new HashMap<>();
    for (RoleCommand role : roles) {
      for (RoleOption option : role.options()) {
        if (!option.option().ofClusters()) {
          options.putIfAbsent(option.name(), inOneProcess(option.option()));
          properties
              .computeIfAbsent(option.name(), name -> new TreeSet<>())
              .addAll(option.properties());
        }
      }
    }
    List<RoleOption> all = new ArrayList<>();
    options.forEach(
        (name, option) ->
            all.add(new RoleOption(option, List.copyOf(properties.getOrDefault(name, Set.of())))));
    return all;
  }

  /** Some mean another thing, or have another default, where all roles are together. */
  private static Option<?> inOneProcess(Option<?> option) {
    return switch (option.name()) {
      case "data" -> option.with("data/standalone", option.meaning());
      case "shards" -> option.with("4", "Shards of a new data folder, fixed from then on");
      case "http-host" -> option.with("127.0.0.1", option.meaning() + "; 0.0.0.0 for every one");
      case "http-port" -> HTTP_PORT;
      case "failure-detection" ->
          option.with("3s", "How long one role waits for another that is silent");
      default -> option;
    };
  }

  /**
   * Starts one.
   *
   * @param options that it tells operators of
   */
  static RoleProcess start(List<Option<?>> options, Map<String, Object> set) throws StartException {
    Map<String, Object> alone = new HashMap<>(set);
    alone.put("micronaut.application.name", "vmqtt");
    // Even where VMQTT_CONSUL and its like are set for the others on this machine.
    ClusterOptions.all().forEach(option -> alone.put(option.property(), ""));
    alone.put(ClusterOptions.ADVERTISE_HOST.property(), HERE);
    alone.put(StoreOptions.RAFT_PORT.property(), "0");
    alone.put(StoreOptions.NAME.property(), "standalone");
    if ("0".equals(set.get(HTTP_PORT.property()))) {
      // They find each other before HTTP is served.
      alone.put(HTTP_PORT.property(), RoleProcess.freePort(HERE));
    }
    Path data = Path.of(String.valueOf(set.get(StoreOptions.DATA.property())));
    try {
      ShardCountFile.read(data)
          .ifPresent(
              count -> {
                alone.put(RegistryOptions.SHARDS.property(), Integer.toString(count));
                alone.put(
                    OptionOrigin.propertyOf(RegistryOptions.SHARDS.property()),
                    OptionOrigin.file("of the data folder " + data).text());
              });
    } catch (IOException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
    return RoleProcess.start("standalone", options, alone);
  }

  private static List<String> lines(RoleCommand command) {
    List<String> lines = new ArrayList<>();
    lines.add(RoleCommands.mqttLine(command, command.meta(Node.MQTT_PORT)));
    String shards = command.meta(StandaloneProcess.SHARDS);
    lines.add(RoleCommands.dataLine(command) + ", " + shards + " shards");
    lines.add(RoleCommands.STATUS_LINE);
    command
        .given(SHARDS)
        .filter(wanted -> !wanted.text().equals(shards))
        .ifPresent(
            wanted ->
                lines.add(
                    "--shards "
                        + wanted.text()
                        + " is for a new data folder: this one has "
                        + shards
                        + " shards for all its life"));
    return lines;
  }
}
