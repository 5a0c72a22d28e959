package io.vmqtt.standalone;

import static io.vmqtt.standalone.RoleOptions.address;
import static io.vmqtt.standalone.RoleOptions.bytes;
import static io.vmqtt.standalone.RoleOptions.choice;
import static io.vmqtt.standalone.RoleOptions.count;
import static io.vmqtt.standalone.RoleOptions.flag;
import static io.vmqtt.standalone.RoleOptions.folder;
import static io.vmqtt.standalone.RoleOptions.port;
import static io.vmqtt.standalone.RoleOptions.text;
import static io.vmqtt.standalone.RoleOptions.time;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.store.session.QueueLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;

/** The roles of a cluster and their options; {@code docs/configuration.md} describes the same. */
final class RoleCommands {
  static final String CONSUL = "--consul";
  static final String ADVERTISE_HOST = "--advertise-host";
  static final String HTTP_HOST = "--http-host";
  static final String HTTP_PORT = "--http-port";
  static final String GRPC_PORT = "--grpc-port";
  static final String SHARDS = "--shards";

  private RoleCommands() {}

  static List<RoleCommand> all() {
    return List.of(
        StandaloneCommand.of(List.of(gateway(), router(), store(), registry())),
        gateway(),
        router(),
        store(),
        registry());
  }

  /** A process of a cluster: it has what all of them have, beside its own. */
  private static RoleCommand role(
      String name,
      String description,
      RoleProcess.Starter starter,
      List<OptionSpec> own,
      Function<RoleCommand, List<String>> lines,
      String waitsFor) {
    List<OptionSpec> all = new ArrayList<>(own);
    all.add(
        text(
            HTTP_HOST, "ADDRESS", "Address for health, status and metrics; without it, every one"));
    all.add(address(CONSUL, "127.0.0.1:8500", "Where Consul's HTTP interface is"));
    all.add(
        text(
            ADVERTISE_HOST,
            "HOST",
            "Name or address under which the others reach this process; without it, the address"
                + " that faces Consul"));
    return new RoleCommand(
        name,
        description,
        starter,
        all.stream().map(option -> RoleOption.of(name, option)).toList(),
        command ->
            Stream.concat(lines.apply(command).stream(), inTheCluster(command).stream()).toList(),
        waitsFor);
  }

  private static List<String> inTheCluster(RoleCommand command) {
    String consul = "Consul " + command.option(CONSUL);
    return command.isLocalOnly()
        ? List.of(
            consul,
            "host   that of this machine alone, as its Consul's; for processes on others, start"
                + " this one with --advertise-host")
        : List.of(consul);
  }

  private static RoleCommand gateway() {
    return role(
        "gateway",
        "A gateway of a cluster: holds the connections of MQTT clients.",
        io.vmqtt.gateway.Application::start,
        List.of(
            port("--port", 1883, "MQTT port, 0 for any free one"),
            text("--host", "ADDRESS", "0.0.0.0", "Address to listen on for MQTT"),
            httpPort(8091),
            count(
                "--event-loops",
                0,
                "Threads for connections, 0 for as many as there are processors"),
            count(
                "--max-connections",
                0,
                "Connections, further ones are closed; 0 for as many as ulimit -n allows"),
            bytes("--max-packet-size", "1M", "Largest packet of a client"),
            count("--receive-maximum", 1024, "Unacknowledged QoS 1 and 2 publishes of a client"),
            count("--max-in-flight", 1024, "Unacknowledged QoS 1 and 2 deliveries to a client"),
            count(
                "--max-queued-messages",
                10_000,
                "Further deliveries held back for a session that ends with its connection"),
            bytes(
                "--max-queued-bytes",
                "0",
                "And their bytes; 0 for half of --client-memory, at most 64M"),
            bytes(
                "--client-memory",
                "0",
                "What may wait for all clients together; 0 for a quarter of the memory"),
            count("--topic-alias-maximum", 32, "Topic aliases of a client"),
            count("--max-topic-levels", 200, "Levels of a topic name or filter"),
            count("--max-topic-bytes", 65_535, "Bytes of a topic name or filter"),
            count("--max-filters", 20_000, "Topic filters in a SUBSCRIBE"),
            count("--max-subscriptions", 20_000, "Subscriptions of a session"),
            time("--max-keep-alive", "0s", "Longest keep alive; 0s for no limit"),
            bytes(
                "--max-unanswered-bytes",
                "0",
                "Unanswered QoS 1 and 2 publishes per event loop; beyond it reading stops;"
                    + " 0 for a part of the memory"),
            time("--connect-timeout", "10s", "From the opening of a connection to its CONNECT"),
            time(
                "--failure-detection",
                "3s",
                "How long SUBACK waits for a router that is out of reach"),
            flag("--log-connections", "Log who comes, and who goes and why")),
        gateway -> List.of("MQTT   " + gateway.option("--host") + ':' + gateway.meta("mqtt-port")),
        "a router and the shard map");
  }

  private static RoleCommand router() {
    return role(
        "router",
        "A router of a cluster: knows who wants which topic, and fans messages out.",
        io.vmqtt.router.Application::start,
        List.of(
            port(GRPC_PORT, 9092, "Port for links of gateways, 0 for any free one"),
            httpPort(8092),
            time(
                "--failure-detection",
                "3s",
                "How long a gateway may be away before it is taken for dead"),
            bytes(
                "--max-undelivered-bytes",
                "0",
                "What may wait for one destination; beyond it publishes are refused;"
                    + " 0 for a part of --undelivered-memory"),
            bytes(
                "--undelivered-memory",
                "0",
                "What may wait for all destinations; 0 for a quarter of the heap"),
            count(
                "--max-tasks", 65_536, "Batches and events that may wait for the router's thread")),
        router -> List.of(),
        "the shard map and the routes of every shard and gateway");
  }

  private static RoleCommand store() {
    return role(
        "store",
        "A store of a cluster: keeps persistent sessions and retained messages.",
        io.vmqtt.store.Application::start,
        List.of(
            folder("--data", "data/store", "Folder for everything durable"),
            port(GRPC_PORT, 9093, "Port for links of routers, 0 for any free one"),
            port("--raft-port", 9193, "Port for the other replicas, 0 for any free one"),
            text(
                "--raft-host",
                "ADDRESS",
                "Address to listen on for the other replicas; without it, the advertised host"),
            httpPort(8093),
            text(
                "--name",
                "NAME",
                "What the store keeps when it loses its disk; without it, where it serves gRPC"),
            count(
                "--threads",
                "Threads that own the shards; without it, half as many as there are processors"),
            count("--queue-max-messages", 100_000, "Messages in the queue of a session"),
            bytes("--queue-max-bytes", "64M", "Bytes of messages in the queue of a session"),
            choice(
                "--queue-overflow",
                QueueLimits.Overflow.class,
                QueueLimits.Overflow.DROP_OLDEST,
                "What happens to messages beyond that"),
            time(
                "--max-session-expiry",
                "0s",
                "How long a session outlives its connection at most; 0s for no limit"),
            time(
                "--failure-detection",
                "3s",
                "How long a gateway may be away before its attachments end"),
            time("--restart-grace", "10s", "How long gateways have after a start to show up again"),
            time(
                "--key-retention",
                "1d",
                "How long a QoS 2 publish is remembered if its producer falls silent"),
            count("--entry-commands", 1024, "Commands in one log entry"),
            bytes("--entry-bytes", "1M", "Bytes of commands in one log entry"),
            bytes("--max-command-bytes", "2M", "Largest publish or request that is taken"),
            count("--entries-in-flight", 4, "Log entries of a shard on their way at once"),
            count(
                "--pending-commands",
                16_384,
                "Commands of a shard that wait for its log before links are held back"),
            time(
                "--election-timeout-min",
                "500ms",
                "How long a replica waits for its leader, at least"),
            time(
                "--election-timeout-max", "1s", "How long a replica waits for its leader, at most"),
            bytes("--segment-bytes", "4M", "Size of a file of a log"),
            count(
                "--snapshot-entries",
                20_000,
                "Log entries after which tables are flushed and the log is cut"),
            bytes("--snapshot-bytes", "64M", "Or after so many bytes of them"),
            bytes(
                "--block-cache-bytes",
                "64M",
                "Memory for what was read from disk, all shards together"),
            bytes(
                "--write-buffer-bytes",
                "64M",
                "Memory for what is not flushed yet, all shards together"),
            bytes(
                "--min-free-disk-bytes",
                "256M",
                "With less room on the disk, messages that would be stored are refused")),
        store ->
            List.of(
                "data   " + ((Path) store.option("--data")).toAbsolutePath(),
                "Raft   port " + store.meta(Node.RAFT_PORT)),
        "a registry to place shards here");
  }

  private static RoleCommand registry() {
    return role(
        "registry",
        "A registry of a cluster: places its shards and shows how all of it is doing.",
        io.vmqtt.registry.Application::start,
        List.of(
            httpPort(8094),
            count(SHARDS, 8, "Shards of a new cluster; fixed from then on"),
            count("--replication-factor", 1, "Stores that hold each shard of a new cluster"),
            count(
                "--initial-stores", 1, "Stores to wait for before a new cluster places its shards"),
            flag(
                "--new-cluster",
                "Make a new cluster although stores remember another one, if none that is here"
                    + " holds any of its shards"),
            time("--status-timeout", "1s", "How long a process may take to tell its figures"),
            count("--status-parallelism", 16, "Processes that are asked for theirs at once")),
        registry -> List.of("status /cluster/status on the HTTP port"),
        "Consul");
  }

  private static OptionSpec httpPort(int standard) {
    return port(HTTP_PORT, standard, "Port for health, status and metrics, 0 for any free one");
  }
}
