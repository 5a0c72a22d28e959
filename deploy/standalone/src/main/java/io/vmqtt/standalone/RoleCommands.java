package io.vmqtt.standalone;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.node.ClusterOptions;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.process.ProcessOptions;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.gateway.config.GatewayOptions;
import io.vmqtt.store.config.StoreOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The commands for the roles of a cluster; each role says what it can be told. */
final class RoleCommands {
  static final String HTTP_HOST = ProcessOptions.HTTP_HOST.name();

  static final String STATUS_LINE = "status /cluster/status on the HTTP port";

  /** Has commands of its own, too. */
  static final String STORE = "store";

  private RoleCommands() {}

  static List<RoleCommand> all(Environment environment) {
    List<RoleCommand> roles =
        List.of(
            gateway(environment), router(environment), store(environment), registry(environment));
    return Stream.concat(Stream.of(StandaloneCommand.of(roles, environment)), roles.stream())
        .toList();
  }

  private static RoleCommand role(
      String name,
      String description,
      RoleProcess.Starter starter,
      List<Option<?>> options,
      Function<RoleCommand, List<String>> lines,
      String waitsFor,
      Environment environment) {
    return new RoleCommand(
        name,
        description,
        starter,
        options.stream().map(RoleOption::of).toList(),
        command ->
            Stream.concat(lines.apply(command).stream(), inTheCluster(command).stream()).toList(),
        waitsFor,
        environment);
  }

  private static List<String> inTheCluster(RoleCommand command) {
    String consul = "Consul " + command.find(ClusterOptions.CONSUL.name()).orElse("");
    return command.isLocalOnly()
        ? List.of(
            consul,
            "host   that of this machine alone, as its Consul's; for processes on others, start"
                + " this one with --advertise-host")
        : List.of(consul);
  }

  private static RoleCommand gateway(Environment environment) {
    return role(
        "gateway",
        "A gateway of a cluster: holds the connections of MQTT clients.",
        io.vmqtt.gateway.Application::start,
        io.vmqtt.gateway.Application.OPTIONS,
        gateway -> List.of(mqttLine(gateway, gateway.meta(Node.MQTT_PORT))),
        "a router and the shard map",
        environment);
  }

  private static RoleCommand router(Environment environment) {
    return role(
        "router",
        "A router of a cluster: knows who wants which topic, and fans messages out.",
        io.vmqtt.router.Application::start,
        io.vmqtt.router.Application.OPTIONS,
        router -> List.of(),
        "the shard map and the routes of every shard and gateway",
        environment);
  }

  private static RoleCommand store(Environment environment) {
    return role(
        STORE,
        "A store of a cluster: keeps persistent sessions and retained messages.",
        io.vmqtt.store.Application::start,
        io.vmqtt.store.Application.OPTIONS,
        store -> List.of(dataLine(store), "Raft   port " + store.meta(Node.RAFT_PORT)),
        "a registry to place shards here",
        environment);
  }

  private static RoleCommand registry(Environment environment) {
    return role(
        "registry",
        "A registry of a cluster: places its shards and shows how all of it is doing.",
        io.vmqtt.registry.Application::start,
        io.vmqtt.registry.Application.OPTIONS,
        registry -> List.of(STATUS_LINE),
        "Consul",
        environment);
  }

  static String mqttLine(RoleCommand command, String port) {
    return "MQTT   " + GatewayOptions.host(option -> command.find(option.name())) + ':' + port;
  }

  static String dataLine(RoleCommand command) {
    return "data   " + Path.of(command.find(StoreOptions.DATA.name()).orElse("")).toAbsolutePath();
  }
}
