package io.vmqtt.router.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micronaut.context.ApplicationContext;
import io.vmqtt.cluster.discovery.EmbeddedDiscovery;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.process.RoleProcess;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterOptionsTest {

  @Test
  void config_nothingSet_isTheDefaultOfTheRouter() {
    long quarterOfTheHeap = Runtime.getRuntime().maxMemory() / 4;
    assertEquals(
        new RouterConfig(
            Duration.ofSeconds(3),
            Math.clamp(quarterOfTheHeap / 2, 1 << 20, 256 << 20),
            quarterOfTheHeap,
            65_536),
        config(Map.of()));
    assertEquals(RouterConfig.DEFAULT, config(Map.of()));
  }

  @Test
  void config_everythingSet_isWhatIsSet() {
    assertEquals(
        new RouterConfig(Duration.ofMillis(700), 2 << 20, 3 << 20, 2048),
        config(
            Map.of(
                "failure-detection",
                "700ms",
                "max-undelivered-bytes",
                2 << 20,
                "undelivered-memory",
                "3M",
                "max-tasks",
                2048)));
  }

  private static RouterConfig config(Map<String, Object> set) {
    Map<String, Object> properties = new HashMap<>();
    set.forEach((option, value) -> properties.put("vmqtt.router." + option, value));
    properties.put("grpc.server.enabled", true);
    properties.put("grpc.server.port", "0");
    properties.put(RoleProcess.ROLE, "routing-service");
    try (ApplicationContext context =
        ApplicationContext.builder()
            .deduceEnvironment(false)
            .singletons(new EmbeddedDiscovery(), new EmbeddedClusterFacts())
            .properties(properties)
            .start()) {
      return context.getBean(RouterConfig.class);
    }
  }
}
