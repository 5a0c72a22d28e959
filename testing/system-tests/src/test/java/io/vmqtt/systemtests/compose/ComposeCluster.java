package io.vmqtt.systemtests.compose;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.net.HttpProbe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * The cluster of the compose file, with one gateway at first, for one test class. Its image is
 * built from the sources. Where there is no Docker the class is skipped; everything is gone after
 * it.
 */
final class ComposeCluster implements BeforeAllCallback, AfterAllCallback, TestWatcher {
  private static final String FILE = "deploy/compose/compose.yaml";
  private static final String GATEWAY = "edge-gateway";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** On a machine that never built the image, Maven has all its downloads to do. */
  private static final Duration BUILD_PATIENCE = Duration.ofMinutes(15);

  private static final Duration START_PATIENCE = Duration.ofMinutes(5);
  private static final Duration CHANGE_PATIENCE = Duration.ofSeconds(60);

  private final Address mqtt = Address.local(FreePorts.next());
  private final Address mqtts = Address.local(FreePorts.next());
  private final Address consul = Address.local(FreePorts.next());
  private final Address registry = Address.local(FreePorts.next());
  private final Address haproxy = Address.local(FreePorts.next());
  private final DockerCompose compose =
      new DockerCompose(
          repository().resolve(FILE),
          "vmqtt-test-" + ProcessHandle.current().pid(),
          Map.of(
              "VMQTT_MQTT_PORT", portOf(mqtt),
              "VMQTT_MQTTS_PORT", portOf(mqtts),
              "VMQTT_CONSUL_HTTP_PORT", portOf(consul),
              "VMQTT_REGISTRY_HTTP_PORT", portOf(registry),
              "VMQTT_HAPROXY_HTTP_PORT", portOf(haproxy)));
  private boolean mayRun;

  private static String portOf(Address address) {
    return Integer.toString(address.port());
  }

  private static Path repository() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve(FILE))) {
        return at;
      }
    }
    throw new IllegalStateException("no " + FILE + " above " + Path.of("").toAbsolutePath());
  }

  /** Builds the image of the compose file, and tells its name. */
  static String buildImage() {
    DockerCompose compose =
        new DockerCompose(repository().resolve(FILE), "vmqtt-test-image", Map.of());
    compose.command(BUILD_PATIENCE, "build");
    return compose.answer("config", "--images").stream()
        .filter(image -> image.startsWith("vmqtt:"))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    String missing = DockerCompose.missing();
    if (!missing.isEmpty()) {
      abort("the compose file cannot be tried here: " + missing);
    }
    mayRun = true;
    compose.command(BUILD_PATIENCE, "build");
    compose.command(START_PATIENCE, "up", "--detach", "--build", "--wait");
  }

  /** Where HAProxy takes MQTT clients. */
  Address mqtt() {
    return mqtt;
  }

  /** Where HAProxy takes those who speak TLS. */
  Address mqtts() {
    return mqtts;
  }

  /** The user that the first start has made. */
  ClientSettings.Login login() {
    return new ClientSettings.Login("developer", String.join("\n", inGateway("password")).strip());
  }

  /** The lines of a file that the first start has made for gateways. */
  List<String> inGateway(String file) {
    return compose.answer("exec", "-T", GATEWAY, "cat", "/etc/vmqtt/own/" + file);
  }

  /** Whatever Docker tells of its containers, environment and commands included. */
  String inspection() {
    return DockerCompose.inspect(containers());
  }

  /** As a user does it, and no more: nobody else is told. */
  void scaleGateways(int count) {
    compose.command(START_PATIENCE, "up", "--detach", "--wait", "--scale", GATEWAY + "=" + count);
  }

  /** The ids of all its containers, whether they run or not. */
  Set<String> containers() {
    return Set.copyOf(compose.answer("ps", "--all", "--quiet", "--no-trunc"));
  }

  /** Ends one gateway as a power cut does: what comes for it is not even refused any more. */
  void killGateway() {
    DockerCompose.kill(compose.answer("ps", "--quiet", GATEWAY).getLast());
  }

  /** On which address of this machine each published port is, such as {@code 127.0.0.1:8500}. */
  List<String> publishedAddresses() {
    return compose.answer(
        "ps", "--format", "{{range .Publishers}}{{.URL}}:{{.PublishedPort}} {{end}}");
  }

  /**
   * Waits until Consul lists so many gateways, all of them passing, and the registry tells the
   * same.
   */
  void awaitGateways(int count) {
    await("Consul and the registry know " + count + " gateways")
        .atMost(CHANGE_PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> isGatewayCount(count));
  }

  private boolean isGatewayCount(int count) {
    return json(consul, "/v1/catalog/service/" + GATEWAY).size() == count
        && json(consul, "/v1/health/service/" + GATEWAY + "?passing").size() == count
        && connectionsByGateway().size() == count;
  }

  /** Waits until HAProxy passes clients on to so many gateways. */
  void awaitBalancedOver(int count) {
    await("HAProxy has found " + count + " gateways")
        .atMost(CHANGE_PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () ->
                HttpProbe.get(haproxy, "/;csv")
                        .lines()
                        .filter(line -> line.startsWith("gateways,gateway"))
                        .filter(line -> line.contains(",UP,"))
                        .count()
                    == count);
  }

  /** Connections of each healthy gateway, by its id, as {@code /cluster/status} tells. */
  Map<String, Integer> connectionsByGateway() {
    Map<String, Integer> connections = new TreeMap<>();
    for (JsonNode node : json(registry, "/cluster/status").path("nodes")) {
      JsonNode open = node.path("figures").path("connections");
      if (node.path("role").asText().equals(GATEWAY)
          && node.path("health").asText().equals("passing")
          && open.isInt()) {
        connections.put(node.path("id").asText(), open.asInt());
      }
    }
    return connections;
  }

  private static JsonNode json(Address address, String path) {
    String body = HttpProbe.get(address, path);
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + body, e);
    }
  }

  @Override
  public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
    System.err.println(context.getDisplayName() + " failed\n" + compose.logs());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (mayRun) {
      compose.command(START_PATIENCE, "down", "--volumes", "--timeout", "2");
    }
  }
}
