package io.vmqtt.store.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micronaut.context.ApplicationContext;
import io.vmqtt.cluster.discovery.EmbeddedDiscovery;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.store.session.QueueLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreOptionsTest {
  @TempDir private Path folder;

  @Test
  void config_nothingSet_isTheDefaultOfTheStore() {
    assertEquals(
        new StoreConfig(
            new StoreConfig.Disk(folder, 256 << 20, 4 << 20),
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
            new StoreConfig.Raft("10.0.0.7", 0, Duration.ofMillis(500), Duration.ofSeconds(1)),
            new StoreConfig.Log(4 << 20, 20_000, 64 << 20, Duration.ofSeconds(5)),
            new StoreConfig.Entries(1024, 1 << 20, 2 << 20, 4, 16_384),
            new StoreConfig.Queue(100_000, 64 << 20, QueueLimits.Overflow.DROP_OLDEST),
            new StoreConfig.Patience(
                Duration.ZERO, Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofDays(1)),
            new StoreConfig.Memory(64 << 20, 64 << 20)),
        StoreOptions.config(
            OptionValues.of(
                Map.of(StoreOptions.DATA, folder.toString(), StoreOptions.RAFT_PORT, "0")),
            "10.0.0.7"));
  }

  @Test
  void ports_defaults_areThoseOfTheDocumentation() {
    assertEquals("9193", StoreOptions.RAFT_PORT.standard());
    assertEquals("data/store", StoreOptions.DATA.standard());
  }

  @Test
  void config_everythingSet_isWhatIsSet() {
    Map<String, Object> properties = new HashMap<>();
    properties.put("raft-host", "127.0.0.1");
    properties.put("raft-port", 0);
    properties.put("threads", 2);
    properties.put("queue-max-messages", 3);
    properties.put("queue-max-bytes", 4);
    properties.put("queue-overflow", "REJECT_NEW");
    properties.put("max-session-expiry", "7d");
    properties.put("failure-detection", "5s");
    properties.put("restart-grace", "6s");
    properties.put("key-retention", "7m");
    properties.put("entry-commands", 8);
    properties.put("entry-bytes", 9_000);
    properties.put("max-command-bytes", 10_000);
    properties.put("entries-in-flight", 11);
    properties.put("pending-commands", 12);
    properties.put("election-timeout-min", "130ms");
    properties.put("election-timeout-max", "260ms");
    properties.put("segment-bytes", 1 << 20);
    properties.put("snapshot-entries", 15);
    properties.put("snapshot-bytes", 16);
    properties.put("max-replay", "17s");
    properties.put("block-cache-bytes", 17 << 20);
    properties.put("write-buffer-bytes", 18 << 20);
    properties.put("min-free-disk-bytes", 19);
    properties.put("scrub-rate", 20);

    assertEquals(
        new StoreConfig(
            new StoreConfig.Disk(folder, 19, 20),
            2,
            new StoreConfig.Raft("127.0.0.1", 0, Duration.ofMillis(130), Duration.ofMillis(260)),
            new StoreConfig.Log(1 << 20, 15, 16, Duration.ofSeconds(17)),
            new StoreConfig.Entries(8, 9_000, 10_000, 11, 12),
            new StoreConfig.Queue(3, 4, QueueLimits.Overflow.REJECT_NEW),
            new StoreConfig.Patience(
                Duration.ofDays(7),
                Duration.ofSeconds(5),
                Duration.ofSeconds(6),
                Duration.ofMinutes(7)),
            new StoreConfig.Memory(17 << 20, 18 << 20)),
        config(properties));
  }

  private StoreConfig config(Map<String, Object> set) {
    Map<String, Object> properties = new HashMap<>();
    set.forEach((option, value) -> properties.put("vmqtt.store." + option, value));
    properties.put("vmqtt.store.data", folder.toString());
    properties.put("grpc.server.enabled", true);
    properties.put("grpc.server.port", "0");
    properties.put(RoleProcess.ROLE, "session-store");
    try (ApplicationContext context =
        ApplicationContext.builder()
            .deduceEnvironment(false)
            .singletons(new EmbeddedDiscovery(), new EmbeddedClusterFacts())
            .properties(properties)
            .start()) {
      return context.getBean(StoreConfig.class);
    }
  }
}
