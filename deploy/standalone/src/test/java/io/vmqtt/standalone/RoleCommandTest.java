package io.vmqtt.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micronaut.core.bind.annotation.Bindable;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.gateway.config.GatewayOptions;
import io.vmqtt.registry.config.RegistryConfiguration;
import io.vmqtt.router.config.RouterOptions;
import io.vmqtt.store.config.StoreOptions;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import picocli.CommandLine;

/** Every option of a role is one of the launcher's, with the same default. */
class RoleCommandTest {
  static final Set<Arguments> ROLES =
      Set.of(
          Arguments.of("gateway", GatewayOptions.class),
          Arguments.of("router", RouterOptions.class),
          Arguments.of("store", StoreOptions.class),
          Arguments.of("registry", RegistryConfiguration.class));

  /** A launched store can be found by its operator; one in a test takes any port. */
  private static final Set<String> OTHER_DEFAULT = Set.of("raft-port");

  @ParameterizedTest
  @FieldSource("ROLES")
  void options_areThoseOfTheRole(String role, Class<? extends Record> options) {
    Set<String> ofRole =
        new TreeSet<>(Set.of("consul", "advertise-host", "http-host", "http-port"));
    if (role.equals("router") || role.equals("store")) {
      ofRole.add("grpc-port");
    }
    for (RecordComponent component : options.getRecordComponents()) {
      ofRole.add(kebab(component.getName()));
    }
    Set<String> ofLauncher = new TreeSet<>();
    parsed(Map.of(), role)
        .spec()
        .options()
        .forEach(option -> ofLauncher.add(option.longestName().substring("--".length())));
    ofLauncher.removeAll(Set.of("help", "version", "log-level"));

    assertEquals(ofRole, ofLauncher);
  }

  @ParameterizedTest
  @FieldSource("ROLES")
  void properties_nothingGiven_areTheDefaultsOfTheRole(
      String role, Class<? extends Record> options) {
    Map<String, Object> expected = new TreeMap<>();
    for (RecordComponent component : options.getRecordComponents()) {
      Bindable standard = component.getAccessor().getAnnotation(Bindable.class);
      String option = kebab(component.getName());
      if (standard != null && !OTHER_DEFAULT.contains(option)) {
        expected.put(
            "vmqtt." + role + '.' + option, read(component.getType(), standard.defaultValue()));
      }
    }
    Map<String, Object> properties = new TreeMap<>(parsed(Map.of(), role).properties());
    properties.keySet().removeIf(property -> !property.startsWith("vmqtt." + role + '.'));
    OTHER_DEFAULT.forEach(option -> properties.remove("vmqtt." + role + '.' + option));
    properties.replaceAll(
        (property, value) -> value instanceof Enum<?> choice ? choice.name() : value);

    assertEquals(numbersAsText(expected), numbersAsText(properties));
  }

  @Test
  void options_ofStandalone_areThoseOfTheRolesThatNeedNoOtherProcess() {
    Set<String> ofRoles = new TreeSet<>(Set.of("http-host", "http-port", "shards"));
    for (Class<? extends Record> options :
        Set.of(GatewayOptions.class, RouterOptions.class, StoreOptions.class)) {
      for (RecordComponent component : options.getRecordComponents()) {
        ofRoles.add(kebab(component.getName()));
      }
    }
    ofRoles.removeAll(Set.of("name", "raft-host", "raft-port"));

    Set<String> ofStandalone = new TreeSet<>();
    parsed(Map.of(), "standalone")
        .options()
        .forEach(option -> ofStandalone.add(option.name().substring("--".length())));

    assertEquals(ofRoles, ofStandalone);
  }

  @Test
  void properties_ofStandalone_areThoseOfEachRole() {
    Map<String, Object> properties =
        parsed(Map.of(), "standalone", "--failure-detection=5s", "--max-packet-size=2M")
            .properties();

    assertEquals(Duration.ofSeconds(5), properties.get("vmqtt.gateway.failure-detection"));
    assertEquals(Duration.ofSeconds(5), properties.get("vmqtt.router.failure-detection"));
    assertEquals(Duration.ofSeconds(5), properties.get("vmqtt.store.failure-detection"));
    assertEquals(2L << 20, properties.get("vmqtt.gateway.max-packet-size"));
    assertEquals(Path.of("data", "standalone"), properties.get("vmqtt.store.data"));
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
      String role, String variable, String property, int standard) {
    Map<String, String> variables = Map.of(variable, "tcp://10.96.0.17:1883");
    RoleCommand command = parsed(variables, role);

    assertEquals(standard, command.properties().get(property));
    assertEquals(
        List.of(
            variable
                + "=tcp://10.96.0.17:1883 is not a port: Kubernetes sets it for a Service of that"
                + " name; it is ignored"),
        command.options().stream()
            .flatMap(option -> new Environment(variables).passedOver(option.spec()).stream())
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
    assertEquals(2, properties.get(RoleProcess.HTTP_PORT));
    assertEquals(3, properties.get(RoleProcess.GRPC_PORT));
  }

  @Test
  void httpPort_zero_isAnyFreeOne() {
    RoleCommand gateway = parsed(Map.of(), "gateway", "--http-port=0");

    assertEquals(-1, gateway.properties().get(RoleProcess.HTTP_PORT));
  }

  @Test
  void variable_standsInForTheOptionAlone() {
    Map<String, String> variables =
        Map.of("VMQTT_MAX_TASKS", "5000", "VMQTT_FAILURE_DETECTION", "", "VMQTT_HELP", "true");

    Map<String, Object> byVariable = parsed(variables, "router").properties();
    assertEquals(5000L, byVariable.get("vmqtt.router.max-tasks"));
    assertEquals(Duration.ofSeconds(3), byVariable.get("vmqtt.router.failure-detection"));

    Map<String, Object> byOption = parsed(variables, "router", "--max-tasks=6000").properties();
    assertEquals(6000L, byOption.get("vmqtt.router.max-tasks"));
  }

  @Test
  void logLevel_optionBeforeOrAfterTheCommand_beatsTheVariable() {
    Map<String, String> variables = Map.of("VMQTT_LOG_LEVEL", "warn");
    try {
      parsed(variables, "gateway");
      assertEquals("WARN", System.getProperty(Vmqtt.LOG_LEVEL));

      parsed(variables, "gateway", "--log-level=debug");
      assertEquals("DEBUG", System.getProperty(Vmqtt.LOG_LEVEL));

      Vmqtt.commandLine(variables).parseArgs("--log-level", "trace", "gateway");
      assertEquals("TRACE", System.getProperty(Vmqtt.LOG_LEVEL));
    } finally {
      System.clearProperty(Vmqtt.LOG_LEVEL);
    }
  }

  @Test
  void sizesAndTimes_withUnits() {
    Map<String, Object> properties =
        parsed(Map.of(), "router", "--max-undelivered-bytes=2G", "--failure-detection=1500ms")
            .properties();

    assertEquals(2L << 30, properties.get("vmqtt.router.max-undelivered-bytes"));
    assertEquals(Duration.ofMillis(1500), properties.get("vmqtt.router.failure-detection"));
  }

  private static RoleCommand parsed(Map<String, String> variables, String role, String... args) {
    CommandLine vmqtt = Vmqtt.commandLine(variables);
    String[] all = new String[args.length + 1];
    all[0] = role;
    System.arraycopy(args, 0, all, 1, args.length);
    vmqtt.parseArgs(all);
    return Objects.requireNonNull(vmqtt.getSubcommands().get(role)).getCommand();
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static Object read(Class<?> type, String value) {
    if (type == Duration.class) {
      return new OptionTypes.Time().convert(value);
    }
    if (type == boolean.class) {
      return Boolean.valueOf(value);
    }
    return type == Path.class ? Path.of(value) : value;
  }

  /** An option is an Integer or a Long where the role has an int. */
  private static Map<String, Object> numbersAsText(Map<String, Object> values) {
    Map<String, Object> texts = new TreeMap<>(values);
    texts.replaceAll(
        (name, value) ->
            value instanceof Number || value instanceof Boolean ? value.toString() : value);
    return texts;
  }
}
