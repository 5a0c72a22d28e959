package io.vmqtt.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.process.RoleProcess;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import picocli.CommandLine;

/** What a command makes of what it is told. */
class RoleCommandTest {
  static final List<Arguments> ROLES =
      List.of(
          Arguments.of("gateway", io.vmqtt.gateway.Application.OPTIONS),
          Arguments.of("router", io.vmqtt.router.Application.OPTIONS),
          Arguments.of("store", io.vmqtt.store.Application.OPTIONS),
          Arguments.of("registry", io.vmqtt.registry.Application.OPTIONS));

  /** Of no use where nobody has to find anybody, and every shard has one replica. */
  private static final Set<String> OF_CLUSTERS =
      Set.of(
          "consul",
          "advertise-host",
          "cluster-certificate",
          "cluster-key",
          "cluster-key-passphrase",
          "cluster-ca",
          "consul-token-file",
          "consul-ca",
          "consul-certificate",
          "consul-key",
          "grpc-port",
          "raft-port",
          "raft-host",
          "name",
          "replication-factor",
          "initial-stores",
          "new-cluster",
          "status-timeout",
          "status-parallelism",
          "node-http-ca");

  @ParameterizedTest
  @FieldSource("ROLES")
  void options_areThoseOfTheRole(String role, List<Option<?>> options) {
    Set<String> ofRole =
        new TreeSet<>(
            Set.of("help", "version", "log-level", "log-format", "log-repeats", "config"));
    options.forEach(option -> ofRole.add(option.name()));
    Set<String> ofLauncher = new TreeSet<>();
    parsed(Map.of(), role)
        .spec()
        .options()
        .forEach(option -> ofLauncher.add(option.longestName().substring("--".length())));

    assertEquals(ofRole, ofLauncher);
  }

  @ParameterizedTest
  @FieldSource("ROLES")
  void help_everyOption_isThereToTheLetterAndWithoutWarnings(String role, List<Option<?>> options) {
    CommandLine command =
        Objects.requireNonNull(Vmqtt.commandLine(Map.of()).getSubcommands().get(role))
            .setUsageHelpWidth(2_000);
    ByteArrayOutputStream warnings = new ByteArrayOutputStream();
    PrintStream err = System.err;
    String help;
    System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
    try {
      help = command.getUsageMessage();
    } finally {
      System.setErr(err);
    }

    for (Option<?> option : options) {
      assertTrue(help.contains(option.meaning()), option.meaning());
    }
    assertEquals("", warnings.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @FieldSource("ROLES")
  void properties_nothingGiven_areTheDefaultsOfTheRole(String role, List<Option<?>> options) {
    Map<String, Object> expected = new TreeMap<>();
    for (Option<?> option : options) {
      String standard = option.standard();
      if (standard != null) {
        expected.put(option.property(), standard);
      }
    }

    assertEquals(expected, new TreeMap<>(parsed(Map.of(), role).properties()));
  }

  @Test
  void options_ofStandalone_areThoseOfTheRolesThatNeedNoOtherProcess() {
    Set<String> ofRoles = new TreeSet<>();
    Stream.of(
            io.vmqtt.gateway.Application.OPTIONS,
            io.vmqtt.router.Application.OPTIONS,
            io.vmqtt.store.Application.OPTIONS,
            io.vmqtt.registry.Application.OPTIONS)
        .flatMap(List::stream)
        .forEach(option -> ofRoles.add(option.name()));
    ofRoles.removeAll(OF_CLUSTERS);

    Set<String> ofStandalone = new TreeSet<>();
    parsed(Map.of(), "standalone").options().forEach(option -> ofStandalone.add(option.name()));

    assertEquals(ofRoles, ofStandalone);
  }

  @Test
  void properties_ofStandalone_areThoseOfEachRole() {
    Map<String, Object> properties =
        parsed(Map.of(), "standalone", "--failure-detection=5s", "--max-packet-size=2M")
            .properties();

    assertEquals("5s", properties.get("vmqtt.gateway.failure-detection"));
    assertEquals("5s", properties.get("vmqtt.router.failure-detection"));
    assertEquals("5s", properties.get("vmqtt.store.failure-detection"));
    assertEquals("2M", properties.get("vmqtt.gateway.max-packet-size"));
    assertEquals("data/standalone", properties.get("vmqtt.store.data"));
    assertEquals("4", properties.get("vmqtt.registry.shards"));
    assertEquals("127.0.0.1", properties.get(RoleProcess.HTTP_HOST));
  }

  /** What Kubernetes sets in every pod of a namespace that has a Service of such a name. */
  @ParameterizedTest
  @CsvSource({
    "standalone, VMQTT_PORT, vmqtt.gateway.port, 1883",
    "standalone, VMQTT_HTTP_PORT, micronaut.server.port, 8090",
    "router, VMQTT_GRPC_PORT, grpc.server.port, 9092",
    "store, VMQTT_RAFT_PORT, vmqtt.store.raft-port, 9193",
  })
  void variableOfKubernetes_isPassedOverAndNamed(
      String role, String variable, String property, String standard) {
    Map<String, String> variables = Map.of(variable, "tcp://10.96.0.17:1883");
    RoleCommand command = parsed(variables, role);

    assertEquals(standard, command.properties().get(property));
    assertEquals(
        List.of(
            variable
                + "=tcp://10.96.0.17:1883 is not a port: Kubernetes sets it for a Service of that"
                + " name; it is ignored"),
        command.options().stream()
            .flatMap(option -> new Environment(variables).passedOver(option.option()).stream())
            .toList());
  }

  @Test
  void properties_commonOptions_areThoseOfMicronautAndOfTheCluster() {
    Map<String, Object> properties =
        parsed(
                Map.of(),
                "router",
                "--consul=c:1",
                "--advertise-host=h",
                "--http-port=2",
                "--grpc-port=3")
            .properties();

    assertEquals("c:1", properties.get("vmqtt.consul"));
    assertEquals("h", properties.get("vmqtt.advertise-host"));
    assertEquals("2", properties.get(RoleProcess.HTTP_PORT));
    assertEquals("3", properties.get(RoleProcess.GRPC_PORT));
  }

  @Test
  void variable_standsInForTheOptionAlone() {
    Map<String, String> variables =
        Map.of("VMQTT_MAX_TASKS", "5000", "VMQTT_FAILURE_DETECTION", "", "VMQTT_HELP", "true");

    Map<String, Object> byVariable = parsed(variables, "router").properties();
    assertEquals("5000", byVariable.get("vmqtt.router.max-tasks"));
    assertEquals("3s", byVariable.get("vmqtt.router.failure-detection"));

    Map<String, Object> byOption = parsed(variables, "router", "--max-tasks=6000").properties();
    assertEquals("6000", byOption.get("vmqtt.router.max-tasks"));
  }

  @Test
  void flag_givenAlone_isTrue() {
    assertEquals(
        "true",
        parsed(Map.of(), "gateway", "--log-connections")
            .properties()
            .get("vmqtt.gateway.log-connections"));
    assertEquals(
        "false",
        parsed(Map.of("VMQTT_LOG_CONNECTIONS", "true"), "gateway", "--log-connections=false")
            .properties()
            .get("vmqtt.gateway.log-connections"));
  }

  @Test
  void logLevel_optionBeforeOrAfterTheCommand_beatsTheVariable() {
    Map<String, String> variables = Map.of("VMQTT_LOG_LEVEL", "warn");
    try {
      assertEquals("WARN", logLevel(parsed(variables, "gateway")));
      assertEquals("DEBUG", logLevel(parsed(variables, "gateway", "--log-level=debug")));

      CommandLine vmqtt = Vmqtt.commandLine(variables);
      vmqtt.parseArgs("--log-level", "trace", "gateway");
      assertEquals("TRACE", logLevel(command(vmqtt, "gateway")));
    } finally {
      System.clearProperty(CommonOptions.LOG_LEVEL.property());
    }
  }

  private static String logLevel(RoleCommand command) {
    var _ = command.properties();
    return System.getProperty(CommonOptions.LOG_LEVEL.property());
  }

  private static RoleCommand parsed(Map<String, String> variables, String role, String... args) {
    CommandLine vmqtt = Vmqtt.commandLine(variables);
    String[] all = new String[args.length + 1];
    all[0] = role;
    System.arraycopy(args, 0, all, 1, args.length);
    vmqtt.parseArgs(all);
    return command(vmqtt, role);
  }

  private static RoleCommand command(CommandLine vmqtt, String role) {
    return Objects.requireNonNull(vmqtt.getSubcommands().get(role)).getCommand();
  }
}
