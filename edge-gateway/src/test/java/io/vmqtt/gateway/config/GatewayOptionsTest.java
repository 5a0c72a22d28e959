package io.vmqtt.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micronaut.context.ApplicationContext;
import io.vmqtt.cluster.discovery.EmbeddedDiscovery;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.gateway.connection.TopicLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayOptionsTest {

  @Test
  void config_nothingSet_isTheDefaultOfTheGateway() {
    long clientMemory = MemoryDefaults.clientMemoryBytes();
    // The port alone is set: 1883 may be in use where this test runs.
    assertEquals(
        new GatewayConfig(
            "127.0.0.1",
            0,
            0,
            Limits.DEFAULT.withMaxQueuedBytes(MemoryDefaults.maxQueuedBytes(clientMemory)),
            0,
            1_000,
            MemoryDefaults.maxUnansweredBytes(clientMemory, 0),
            clientMemory,
            Duration.ofSeconds(10),
            Duration.ofSeconds(3),
            new LogConfig(false, null, 64 << 20, 8),
            AccessMethods.NONE,
            List.of()),
        config(Map.of("port", 0)));
  }

  @Test
  void host_notSet_everyAddressOnlyWhenItIsSaidWhoMayComeIn() {
    assertEquals("127.0.0.1", host(Map.of()));
    assertEquals("0.0.0.0", host(Map.of(GatewayOptions.ALLOW_ANONYMOUS, "true")));
    assertEquals("0.0.0.0", host(Map.of(GatewayOptions.PASSWORDS, "users")));
    assertEquals("::1", host(Map.of(GatewayOptions.HOST, "::1")));
    assertEquals(
        "10.0.0.7",
        host(Map.of(GatewayOptions.HOST, "10.0.0.7", GatewayOptions.PASSWORDS, "users")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.7"})
  void host_othersCanReachItAndNothingSaysWhoMayComeIn_isRefused(String host) {
    assertEquals(
        "vmqtt.gateway.host: others can reach "
            + host
            + ", and nothing says who may come in: give --passwords FILE, or let everybody in on"
            + " purpose with --allow-anonymous",
        assertThrows(OptionException.class, () -> host(Map.of(GatewayOptions.HOST, host)))
            .getMessage());
  }

  private static String host(Map<Option<?>, String> set) {
    return GatewayOptions.config(OptionValues.of(set)).host();
  }

  @Test
  void port_default_isThatOfMqtt() {
    assertEquals("1883", GatewayOptions.PORT.standard());
  }

  @Test
  void config_everythingSet_isWhatIsSet() {
    Map<String, Object> properties = new HashMap<>();
    properties.put("host", "127.0.0.1");
    properties.put("port", 0);
    properties.put("event-loops", 3);
    properties.put("max-connections", 7);
    properties.put("max-handshakes", 8);
    properties.put("max-packet-size", "4k");
    properties.put("receive-maximum", 11);
    properties.put("max-in-flight", 12);
    properties.put("max-queued-messages", 13);
    properties.put("max-queued-bytes", 130);
    properties.put("topic-alias-maximum", 14);
    properties.put("max-keep-alive", "15s");
    properties.put("max-topic-levels", 21);
    properties.put("max-topic-bytes", 22);
    properties.put("max-filters", 23);
    properties.put("max-subscriptions", 24);
    properties.put("max-unanswered-bytes", 16);
    properties.put("client-memory", 160);
    properties.put("connect-timeout", "17s");
    properties.put("failure-detection", "18s");
    properties.put("log-connections", true);
    properties.put("audit", "a");
    properties.put("audit-bytes", "1M");
    properties.put("audit-files", 3);

    assertEquals(
        new GatewayConfig(
            "127.0.0.1",
            0,
            3,
            new Limits(11, 12, 13, 130, 14, 15, 4096, new TopicLimits(21, 22, 23, 24)),
            7,
            8,
            16,
            160,
            Duration.ofSeconds(17),
            Duration.ofSeconds(18),
            new LogConfig(true, Path.of("a"), 1 << 20, 3),
            AccessMethods.NONE,
            List.of()),
        config(properties));
  }

  @Test
  void config_packetSizeOutOfRange_saysWhatIsAllowed() {
    for (int wrong : new int[] {1023, (32 << 20) + 1}) {
      Limits limits = new Limits(1, 1, 1, 1, 0, 0, wrong);
      assertEquals(
          "vmqtt.gateway.max-packet-size must be 1024 to 33554432, not " + wrong,
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      new GatewayConfig(
                          "",
                          0,
                          0,
                          limits,
                          1,
                          1,
                          1,
                          1,
                          Duration.ZERO,
                          Duration.ZERO,
                          LogConfig.NONE,
                          AccessMethods.NONE,
                          List.of()))
              .getMessage());
    }
  }

  @Test
  void withinFileLimit_connectionsNotSet_areWhatIsLeft() throws IOException {
    GatewayConfig twoLoops = config(Map.of("port", 0, "event-loops", 2));

    assertEquals(1_000 - 176 - 6, twoLoops.withinFileLimit(1_000, 0).maxConnections());
    assertEquals(1_000 - 176 - 6 - 300, twoLoops.withinFileLimit(1_000, 300).maxConnections());
    assertEquals(1_000_000, twoLoops.withinFileLimit(Long.MAX_VALUE, 0).maxConnections());
  }

  @Test
  void withinFileLimit_connectionsSet_neverMoreThanIsLeft() throws IOException {
    GatewayConfig set = config(Map.of("port", 0, "event-loops", 2, "max-connections", 500));

    assertEquals(500, set.withinFileLimit(1_000, 0).maxConnections());
    assertEquals(318, set.withinFileLimit(500, 0).maxConnections());
  }

  @Test
  void withinFileLimit_nothingLeft_saysWhatIsNeeded() {
    GatewayConfig config = config(Map.of("port", 0, "event-loops", 2));

    assertEquals(
        "the limit of open files (ulimit -n) is 182: without any client, 182 are needed",
        assertThrows(IOException.class, () -> config.withinFileLimit(182, 0)).getMessage());
  }

  private static GatewayConfig config(Map<String, Object> set) {
    Map<String, Object> properties = new HashMap<>();
    set.forEach((option, value) -> properties.put("vmqtt.gateway." + option, value));
    properties.put(RoleProcess.ROLE, "edge-gateway");
    try (ApplicationContext context =
        ApplicationContext.builder()
            .deduceEnvironment(false)
            .singletons(new EmbeddedDiscovery(), new EmbeddedClusterFacts())
            .properties(properties)
            .start()) {
      return context.getBean(GatewayConfig.class);
    }
  }
}
