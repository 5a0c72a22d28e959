package io.vmqtt.store;

import static io.vmqtt.store.FakeRouter.message;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.store.config.StoreConfig;
import io.vmqtt.store.config.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How long a start may take to apply what the tables lack. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ReplayBoundTest {
  private static final String PADDING = "-".repeat(100);

  /** Ratis cuts a log by a thousand entries at once. */
  private static final int ENTRIES_TO_CUT = 1_500;

  @TempDir private Path data;

  private StoreConfig config(String maxReplay) {
    return StoreConfigs.of(
        data, Map.of(StoreOptions.SEGMENT_BYTES, "64k", StoreOptions.MAX_REPLAY, maxReplay));
  }

  private static double seconds(StoreHarness store) {
    return store.meters.get("vmqtt.store.replay.seconds").gauge().value();
  }

  private static void publish(FakeRouter router, int messages) throws Exception {
    for (int i = 0; i < messages; i++) {
      router.publishSafely(message("t", 1, i + PADDING));
    }
  }

  private boolean hasTheFirstFile() throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      return all.map(file -> file.getFileName().toString())
          .anyMatch(name -> name.equals("journal-1") || name.matches("log_0-\\d+"));
    }
  }

  /** Of entries and bytes there are few, so that they alone would have nothing flushed. */
  @ParameterizedTest
  @EnumSource(Replication.class)
  void log_isCutBeforeItTakesTooLongToApplyAgain(Replication replication) throws Exception {
    try (StoreHarness store = new StoreHarness(config("1h"), 1, replication);
        FakeRouter router = store.router("router-1")) {
      publish(router, 1_000);
      assertTrue(seconds(store) > 0);
      assertTrue(hasTheFirstFile());
    }
    try (StoreHarness store = new StoreHarness(config("10ms"), 1, replication);
        FakeRouter router = store.router("router-2")) {
      publish(router, ENTRIES_TO_CUT);
      await().until(() -> !hasTheFirstFile());
      assertEquals(1, store.node.status().size());
    }
  }
}
