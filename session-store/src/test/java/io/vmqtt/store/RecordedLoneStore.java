package io.vmqtt.store;

import static io.vmqtt.store.FakeRouter.client;
import static io.vmqtt.store.FakeRouter.message;

import io.vmqtt.cluster.machine.LastingFiles;
import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.store.config.StoreConfig;
import io.vmqtt.store.config.StoreOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * A store without replicas that fills several files of its log, has its tables flushed, and ends
 * without a word. A process of its own, started by {@link LonePowerFailureTest}, which records what
 * it does to its disk.
 */
final class RecordedLoneStore {
  private static final String ACKNOWLEDGED = "acknowledged";
  private static final int MESSAGES = 300;
  private static final String PADDING = "-".repeat(1_000);

  private RecordedLoneStore() {}

  /** Files are small, and cut often. */
  static StoreConfig config(Path data) {
    return StoreConfigs.of(
        data, Map.of(StoreOptions.SEGMENT_BYTES, "64k", StoreOptions.SNAPSHOT_ENTRIES, "50"));
  }

  /** How many messages were acknowledged that it has published in all of its lives, at least. */
  static int acknowledged(Path data) throws IOException {
    Path note = data.resolve(ACKNOWLEDGED);
    return Files.exists(note) ? (int) Files.size(note) : 0;
  }

  /** What it has published; the first is 0. */
  static String payload(int number) {
    return number + PADDING;
  }

  /**
   * Does it, and ends.
   *
   * @param arguments where the folder of the store is, and the {@link Replication} that decides
   *     about its log
   */
  public static void main(String[] arguments) throws Exception {
    Path data = Path.of(arguments[0]);
    try (StoreHarness store = new StoreHarness(config(data), 1, Replication.valueOf(arguments[1]));
        FakeRouter router = store.router("router-" + ProcessHandle.current().pid());
        // In the folder that is recorded: its power fails at the same moment.
        FileChannel note =
            FileChannel.open(
                data.resolve(ACKNOWLEDGED),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND)) {
      LastingFiles.syncNames(data);
      Attached session =
          router.attach(client("alice", 1, ProcessHandle.current().pid()).setReceiveMaximum(1));
      router.subscribe(session, "t", 1);
      int first = acknowledged(data);
      for (int i = first; i < first + MESSAGES; i++) {
        router.publishSafely(message("t", 1, payload(i)));
        note.write(ByteBuffer.allocate(1));
        note.force(true);
      }
      Runtime.getRuntime().halt(0);
    }
  }
}
