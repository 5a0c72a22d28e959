package io.vmqtt.store;

import static io.vmqtt.store.FakeRouter.client;
import static io.vmqtt.store.FakeRouter.message;
import static org.awaitility.Awaitility.await;

import io.vmqtt.proto.session.v1.Attached;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Three stores, of which one misses so much that its leader sends it a checkpoint. A process of its
 * own, started by {@link PowerFailureTest}, which records what the one does to its disk.
 */
final class RecordedReplica {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int SNAPSHOT_ENTRIES = 20;

  /** Several files of the log. */
  private static final int MESSAGES = 120;

  /** Ratis keeps so many entries at least. */
  private static final int ENTRIES_TO_CUT = 1_300;

  private static final String PADDING = "-".repeat(1_000);

  private RecordedReplica() {}

  /**
   * Does it, and ends.
   *
   * @param arguments where the folders of the stores are; that of the one is {@code store-2}
   */
  public static void main(String[] arguments) throws Exception {
    Path data = Path.of(arguments[0]);
    try (StoreCluster cluster = new StoreCluster(data, SNAPSHOT_ENTRIES)) {
      FakeRouter leader = cluster.leader();
      Attached session = leader.attach(client("alice", 1, 1).setReceiveMaximum(1));
      leader.subscribe(session, "t", 1);
      publish(leader, "t", MESSAGES);
      String away = cluster.ids().getLast();
      awaitQueued(cluster, away, MESSAGES);
      cluster.stop(away);
      publish(leader, "nobody", ENTRIES_TO_CUT);
      publish(leader, "t", 1);
      cluster.start(data.resolve("store-2"));
      awaitQueued(cluster, away, MESSAGES + 1);
      publish(leader, "t", MESSAGES);
      awaitQueued(cluster, away, 2 * MESSAGES + 1);
    }
    Runtime.getRuntime().halt(0);
  }

  private static void publish(FakeRouter router, String topic, int messages) throws Exception {
    for (int i = 0; i < messages; i++) {
      router.publishSafely(message(topic, 1, i + PADDING));
    }
  }

  private static void awaitQueued(StoreCluster cluster, String store, int messages) {
    await().atMost(PATIENCE).until(() -> cluster.status(store).queued() == messages);
  }
}
