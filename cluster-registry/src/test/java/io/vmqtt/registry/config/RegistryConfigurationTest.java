package io.vmqtt.registry.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micronaut.context.ApplicationContext;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.registry.placement.PlacementPlan;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistryConfigurationTest {
  /** Nothing listens there: a registry starts, and waits for its Consul. */
  private static final String NOWHERE = "127.0.0.1:1";

  @Test
  void defaults_areThoseOfTheDocumentation() {
    assertEquals(
        new RegistryConfiguration(
            8, 1, 1, false, Duration.ofSeconds(1), 16, null, null, null, null, null, null),
        configured(Map.of()));
  }

  @Test
  void everyOption_set_isTaken() {
    assertEquals(
        new RegistryConfiguration(
            64, 3, 5, true, Duration.ofMillis(250), 4, null, null, null, null, null, null),
        configured(
            Map.of(
                "vmqtt.registry.shards", 64,
                "vmqtt.registry.replication-factor", 3,
                "vmqtt.registry.initial-stores", 5,
                "vmqtt.registry.new-cluster", true,
                "vmqtt.registry.status-timeout", "250ms",
                "vmqtt.registry.status-parallelism", 4)));
  }

  @Test
  void impossibleValues_refused() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new RegistryConfiguration(
                8, 1, 1, false, Duration.ZERO, 16, null, null, null, null, null, null));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new RegistryConfiguration(
                8, 1, 1, false, Duration.ofSeconds(1), 0, null, null, null, null, null, null));
    assertEquals(
        "vmqtt.registry.replication-factor must be 1 to 9, not 20",
        assertThrows(
                OptionException.class,
                () ->
                    new RegistryConfiguration(
                        8,
                        20,
                        1,
                        false,
                        Duration.ofSeconds(1),
                        16,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> new PlacementPlan(0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new PlacementPlan(8, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new PlacementPlan(8, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new PlacementPlan(1_025, 1, 1));
  }

  private static RegistryConfiguration configured(Map<String, Object> properties) {
    Map<String, Object> all = new HashMap<>(properties);
    all.put(RoleProcess.ROLE, "cluster-registry");
    all.put("vmqtt.consul", NOWHERE);
    try (ApplicationContext context = ApplicationContext.run(all)) {
      return context.getBean(RegistryConfiguration.class);
    }
  }
}
