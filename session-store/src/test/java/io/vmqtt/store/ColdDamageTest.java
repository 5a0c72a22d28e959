package io.vmqtt.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.store.config.StoreOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bit that turns, while the store runs, in a file that nobody asks for. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ColdDamageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(50);

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "POSSIBLE, shards/0/\\d+\\.sst",
    "POSSIBLE, 'raft/[-0-9a-f]{36}/current/log_\\d+-\\d+'",
    "NONE, journal/journal-2"
  })
  void bitTurns_inAColdFile_isNamed_andAllElseIsServed(Replication replication, String kind)
      throws Exception {
    Path data = folder.resolve("data");
    if (replication == Replication.POSSIBLE) {
      DamagedStore.fillAndCut(data, replication);
    } else { // what is cut goes when it starts
      DamagedStore.fill(folder.resolve("stopped"), data, replication);
    }
    try (StoreHarness store =
        new StoreHarness(
            StoreConfigs.of(data, Map.of(StoreOptions.SCRUB_RATE, "64M")), 1, replication)) {
      store.router("router-1").close();
      Path file = DamagedStore.find(data, kind);
      flip(file);

      await().atMost(PATIENCE).until(() -> !store.node.damagedFiles().isEmpty());
      assertEquals(List.of(file.toString()), store.node.damagedFiles());
      assertEquals(1, store.meters.get("vmqtt.store.scrub.damaged").gauge().value());
      assertTrue(store.meters.get("vmqtt.store.scrub.bytes").functionCounter().count() > 0);
      assertNull(store.node.fault(), "nobody else has its data");
      assertTrue(store.node.status().getFirst().leader());
    }
  }

  private static void flip(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      long at = channel.size() / 2;
      channel.read(one, at);
      one.put(0, (byte) (one.get(0) ^ 0x10)).rewind();
      channel.write(one, at);
    }
  }
}
