package io.vmqtt.store.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.store.log.ReplayDebt;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Ratis must be told, or not be told: each of these would have it acknowledge what is not on
 * the disk, or take a log that it cannot read for a shorter one, and hardly a test would notice.
 */
class SyncedLogsTest {
  @TempDir private Path folder;

  @Test
  void properties_ofARunningServer_haveEachEntrySyncedBeforeItCounts() throws Exception {
    RaftOptions options =
        new RaftOptions(
            "store-1",
            folder.resolve("raft"),
            "127.0.0.1",
            0,
            Duration.ofMillis(150),
            Duration.ofMillis(300),
            1 << 20,
            20_000,
            1 << 20,
            1 << 20);
    try (RaftLogs logs =
        new RaftLogs(
            options,
            new ReplayDebt(Duration.ofHours(1)),
            null,
            new SimpleMeterRegistry(),
            (_, _) -> {})) {
      RaftProperties used = logs.properties();
      assertFalse(Log.asyncFlushEnabled(used), "its completion can tell of more than was synced");
      assertFalse(Log.unsafeFlushEnabled(used), "it tells before anything is synced");
      assertEquals(1, Log.forceSyncNum(used), "a file that is closed counts as synced");
      assertEquals(Log.CorruptionPolicy.EXCEPTION, Log.corruptionPolicy(used));
      assertTrue(Log.StateMachineData.sync(used), "names of files are synced before their content");
      assertFalse(Log.useMemory(used));
    }
  }
}
