package io.vmqtt.store;

import static io.vmqtt.store.FakeRouter.client;
import static io.vmqtt.store.FakeRouter.message;

import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.store.config.StoreConfig;
import io.vmqtt.store.config.StoreOptions;
import java.nio.file.Path;
import java.util.Map;

/**
 * A store without replicas that fills several files of its journal, has its tables flushed, and
 * ends without a word. A process of its own, started by {@link JournalPowerFailureTest}, which
 * records what it does to its disk.
 */
final class RecordedLoneStore {
  private static final int MESSAGES = 300;
  private static final String PADDING = "-".repeat(1_000);

  private RecordedLoneStore() {}

  /** Files are small, and cut often. */
  static StoreConfig config(Path data) {
    return StoreConfigs.of(
        data, Map.of(StoreOptions.SEGMENT_BYTES, "64k", StoreOptions.SNAPSHOT_ENTRIES, "50"));
  }

  /**
   * Does it, and ends.
   *
   * @param arguments where the folder of the store is
   */
  public static void main(String[] arguments) throws Exception {
    try (StoreHarness store = new StoreHarness(config(Path.of(arguments[0])), 1, Replication.NONE);
        FakeRouter router = store.router("router-" + ProcessHandle.current().pid())) {
      Attached session =
          router.attach(client("alice", 1, ProcessHandle.current().pid()).setReceiveMaximum(1));
      router.subscribe(session, "t", 1);
      for (int i = 0; i < MESSAGES; i++) {
        router.publishSafely(message("t", 1, i + PADDING));
      }
      Runtime.getRuntime().halt(0);
    }
  }
}
