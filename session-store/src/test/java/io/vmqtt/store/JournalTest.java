package io.vmqtt.store;

import static io.vmqtt.store.FakeRouter.client;
import static io.vmqtt.store.FakeRouter.message;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.store.config.StoreConfig;
import io.vmqtt.store.config.StoreOptions;
import io.vmqtt.store.host.FolderCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store whose shards share a journal. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class JournalTest {
  private static final int MESSAGES = 400;
  private static final String PADDING = "-".repeat(1_000);
  private static final int FILE_BYTES = 64 << 10;
  private static final int CUT_BYTES = 128 << 10;

  @TempDir private Path data;

  private StoreConfig cutOften() {
    return StoreConfigs.of(
        data,
        Map.of(
            StoreOptions.SEGMENT_BYTES,
            Integer.toString(FILE_BYTES),
            StoreOptions.SNAPSHOT_BYTES,
            Integer.toString(CUT_BYTES)));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(data.resolve("journal"))) {
      return all.toList();
    }
  }

  private static void publish(FakeRouter router, int messages) throws Exception {
    for (int i = 0; i < messages; i++) {
      router.publishSafely(message("t", 1, i + PADDING));
    }
  }

  private static double journal(StoreHarness store, String meter) {
    return store
        .meters
        .get("vmqtt.store.journal." + meter)
        .meter()
        .measure()
        .iterator()
        .next()
        .getValue();
  }

  @Test
  void start_newFolder_hasAJournalAndNoRaft() throws Exception {
    try (StoreHarness store = new StoreHarness(data);
        FakeRouter router = store.router("router-1")) {
      Attached alice = router.attach(client("alice", 7, 1));
      router.subscribe(alice, "t", 1);
      assertEquals(List.of(store.node.nodeId()), store.node.members(0));
      assertTrue(journal(store, "writes") >= 2);
    }
    assertFalse(Files.exists(data.resolve("raft")));
    assertEquals(1, files().size());
  }

  /** What has no replicas now may have been begun where it could have had some. */
  @Test
  void start_folderWithRaftGroups_keepsThem() throws Exception {
    StoreConfig config = StoreConfig.defaults(data);
    try (StoreHarness store = new StoreHarness(config, 1, Replication.POSSIBLE);
        FakeRouter router = store.router("router-1")) {
      router.subscribe(router.attach(client("alice", 7, 1)), "t", 1);
      publish(router, 10);
    }
    try (StoreHarness store = new StoreHarness(config, 1, Replication.NONE);
        FakeRouter router = store.router("router-2")) {
      assertTrue(router.attach(client("alice", 7, 2)).getSessionPresent());
      assertEquals(10, store.node.status().getFirst().queued());
    }
    assertFalse(Files.exists(data.resolve("journal")));
  }

  @Test
  void cut_whenTablesAreFlushed_keepsItShort() throws Exception {
    try (StoreHarness store = new StoreHarness(cutOften(), 1);
        FakeRouter router = store.router("router-1")) {
      router.subscribe(router.attach(client("alice", 7, 1).setReceiveMaximum(1)), "t", 1);
      publish(router, MESSAGES);
      await().until(() -> journal(store, "bytes") < CUT_BYTES);
      assertFalse(Files.exists(data.resolve("journal/journal-1")));
      assertTrue(
          files().size() <= CUT_BYTES / FILE_BYTES + 1, () -> "bytes " + journal(store, "bytes"));
    }
    assertEquals(List.of(), FolderCheck.ofEverything(data).damages());
    try (StoreHarness store = new StoreHarness(cutOften(), 1)) {
      await().until(() -> !store.node.status().isEmpty());
      assertEquals(MESSAGES, store.node.status().getFirst().queued());
    }
  }
}
