package io.vmqtt.store;

import static io.vmqtt.store.FakeRouter.client;
import static io.vmqtt.store.FakeRouter.message;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.store.storage.CheckpointFiles;
import io.vmqtt.store.storage.DataFolder;
import io.vmqtt.store.storage.DataFolderException;
import io.vmqtt.store.storage.SealedText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.util.CodeInjectionForTesting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A shard with three replicas. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ReplicationTest {
  private static final int MESSAGES = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Where Ratis lets tests in when a replica hears of its leader. */
  private static final String APPEND_ENTRIES = "RaftServerImpl.appendEntries";

  @TempDir Path data;

  @Test
  void leaderStops_anotherReplicaLeads_withEverythingCommitted() throws Exception {
    try (StoreCluster cluster = new StoreCluster(data, 20_000)) {
      FakeRouter first = cluster.leader();
      Attached session = subscriber(first);
      publish(first, 0, MESSAGES);

      cluster.stop(first.storeId());

      assertEverythingIsDelivered(cluster.leader(), session, MESSAGES);
    }
  }

  /** Whoever led meanwhile hands over, and nothing is lost on the way. */
  @Test
  void firstStoreOfTheMapComesBack_leadsAgain() throws Exception {
    try (StoreCluster cluster = new StoreCluster(data, 20_000)) {
      FakeRouter first = cluster.leader();
      Attached session = subscriber(first);
      cluster.stop(first.storeId());
      publish(cluster.leader(), 0, MESSAGES);

      cluster.start(folderOf(first.storeId()));

      FakeRouter again = cluster.leader();
      assertEquals(first.storeId(), again.storeId());
      assertEverythingIsDelivered(again, session, MESSAGES);
    }
  }

  /** The log that it lacks is cut by the time it is back: it gets a checkpoint of the tables. */
  @Test
  void replicaComesBack_logIsCut_catchesUpFromACheckpoint() throws Exception {
    try (StoreCluster cluster = new StoreCluster(data, 20)) {
      FakeRouter leader = cluster.leader();
      Attached session = subscriber(leader);
      publish(leader, 0, MESSAGES);
      String away = follower(cluster, leader);
      awaitQueued(cluster, away, MESSAGES);
      cluster.stop(away);
      for (int from = MESSAGES; from < 5 * MESSAGES; from += 10) {
        publish(leader, from, 10); // many entries
      }

      assertEquals(away, cluster.start(folderOf(away)));

      awaitQueued(cluster, away, 5 * MESSAGES);
      cluster.stop(leader.storeId());
      assertEverythingIsDelivered(cluster.leader(), session, 5 * MESSAGES);
    }
  }

  /** It has another id, so that it cannot vote about what it has forgotten. */
  @Test
  void storeLosesItsDisk_anotherTakesItsPlace_hasEverything() throws Exception {
    try (StoreCluster cluster = new StoreCluster(data, 20)) {
      FakeRouter leader = cluster.leader();
      Attached session = subscriber(leader);
      for (int from = 0; from < MESSAGES; from += 10) {
        publish(leader, from, 10);
      }
      String lost = follower(cluster, leader);
      cluster.stop(lost);

      String replacement = cluster.start(data.resolve("store-3"));
      cluster.replace(lost, replacement);

      awaitQueued(cluster, replacement, MESSAGES);
      cluster.awaitMembers(); // before, two of the three that have a vote are gone with the leader
      cluster.stop(leader.storeId());
      assertEverythingIsDelivered(cluster.leader(), session, MESSAGES);
    }
  }

  /** As the documentation has operators do it: its folder goes away, and it comes back. */
  @Test
  void storeHasADamagedLog_doesNotStart_comesBackLikeOneThatLostItsDisk() throws Exception {
    try (StoreCluster cluster = new StoreCluster(data, 20)) {
      FakeRouter leader = cluster.leader();
      Attached session = subscriber(leader);
      publish(leader, 0, MESSAGES);
      String damaged = follower(cluster, leader);
      awaitQueued(cluster, damaged, MESSAGES);
      Path folder = folderOf(damaged);
      cluster.stop(damaged);
      DamagedStore.Harm.FLIPPED_WITHIN.to(DamagedStore.find(folder, "raft/.*/log_.*"));

      DataFolderException refused =
          assertThrows(DataFolderException.class, () -> cluster.start(folder));

      assertTrue(String.valueOf(refused.getMessage()).contains("is damaged: "));
      Files.move(folder, folder.resolveSibling("away"));
      String replacement = cluster.start(folder);
      assertNotEquals(damaged, replacement);
      cluster.replace(damaged, replacement);
      awaitQueued(cluster, replacement, MESSAGES);
      cluster.awaitMembers(); // before, two of the three that have a vote are gone with the leader
      cluster.stop(leader.storeId());
      assertEverythingIsDelivered(cluster.leader(), session, MESSAGES);
    }
  }

  /** It goes with everything, and comes back to a store that has forgotten it. */
  @Test
  void shardOfALeaderIsPlacedElsewhere_isHandedBack_andTakenAgain() throws Exception {
    try (StoreCluster cluster = new StoreCluster(data, 20)) {
      FakeRouter leader = cluster.leader();
      Attached session = subscriber(leader);
      publish(leader, 0, MESSAGES);
      String left = leader.storeId();
      String fourth = cluster.start(data.resolve("store-3"));

      cluster.replace(left, fourth);

      await().atMost(PATIENCE).until(() -> !cluster.hasShard(left));
      cluster.awaitMembers();
      Path tables = folderOf(left).resolve("shards").resolve("0");
      await().atMost(PATIENCE).until(() -> !Files.exists(tables));
      try (Stream<Path> logs = Files.list(folderOf(left).resolve("raft"))) {
        assertEquals(List.of(), logs.toList());
      }
      publish(cluster.leader(), MESSAGES, MESSAGES);

      cluster.replace(fourth, left);

      await().atMost(PATIENCE).until(() -> !cluster.hasShard(fourth));
      awaitQueued(cluster, left, 2 * MESSAGES);
      FakeRouter again = cluster.leader();
      again.deliveries.clear();
      assertEverythingIsDelivered(again, session, 2 * MESSAGES);
    }
  }

  /**
   * Raft closes a replica that joins, if its leader is silent after the first word to it as a
   * member: by its own log it is none yet.
   */
  @Test
  void joiningReplicaCloses_isOpenedAgain_hasEverything() throws Exception {
    try (StoreCluster cluster = new StoreCluster(data, 20)) {
      FakeRouter leader = cluster.leader();
      Attached session = subscriber(leader);
      publish(leader, 0, MESSAGES);
      String lost = follower(cluster, leader);
      cluster.stop(lost);
      String replacement = cluster.start(data.resolve("store-3"));
      silenceAfterFirstWord(cluster, replacement);

      cluster.replace(lost, replacement);

      await().atMost(PATIENCE).until(() -> cluster.reopened(replacement) == 1);
      publish(leader, MESSAGES, 1);
      awaitQueued(cluster, replacement, MESSAGES + 1);
      cluster.awaitMembers(); // before, two of the three that have a vote are gone with the leader
      cluster.stop(leader.storeId());
      assertEverythingIsDelivered(cluster.leader(), session, MESSAGES + 1);
    } finally {
      CodeInjectionForTesting.remove(APPEND_ENTRIES);
    }
  }

  /** A tables' folder that is gone is found out when there is something to write to the disk. */
  @Test
  void leaderCannotWriteItsTables_opensThemAgain_hasEverythingByItsLog() throws Exception {
    try (StoreCluster cluster = new StoreCluster(data, 20_000)) {
      FakeRouter leader = cluster.leader();
      Attached session = subscriber(leader);
      publish(leader, 0, MESSAGES);
      CheckpointFiles.delete(folderOf(leader.storeId()).resolve("shards").resolve("0"));

      fillTables(cluster, leader);

      await().atMost(PATIENCE).until(() -> cluster.status(leader.storeId()).leader());
      publish(leader, MESSAGES, 1);
      leader.deliveries.clear();
      assertEverythingIsDelivered(leader, session, MESSAGES + 1);
    }
  }

  /** Until the leader cannot go on. */
  private static void fillTables(StoreCluster cluster, FakeRouter leader) {
    Message large =
        message("", 1, "x".repeat(300 << 10)).toBuilder().setRetain(true).buildPartial();
    for (int i = 0; i < 1000 && cluster.reopened(leader.storeId()) == 0; i++) {
      leader.committed.clear();
      leader.publish(large.toBuilder().setTopic("large/" + i).build(), null);
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(2))
          .until(() -> !leader.committed.isEmpty() || cluster.reopened(leader.storeId()) > 0);
    }
    assertEquals(1, cluster.reopened(leader.storeId()));
  }

  /**
   * What makes a store a member does not get through to it, and the first heartbeat to a member is
   * the last thing that it hears of its leader, until its shard has been opened again.
   */
  private static void silenceAfterFirstWord(StoreCluster cluster, String store) {
    AtomicBoolean silent = new AtomicBoolean();
    CodeInjectionForTesting.put(
        APPEND_ENTRIES,
        (receiver, sender, details) -> {
          AppendEntriesRequestProto word = (AppendEntriesRequestProto) details[1];
          if (!receiver.toString().equals(store) || cluster.reopened(store) > 0) {
            return false;
          }
          if (silent.get() || word.getEntriesList().stream().anyMatch(e -> names(e, store))) {
            throw new IllegalStateException("the leader is silent");
          }
          return !word.getInitializing() && silent.compareAndSet(false, true);
        });
  }

  private static boolean names(LogEntryProto entry, String member) {
    return entry.getConfigurationEntry().getPeersList().stream()
        .anyMatch(peer -> peer.getId().toStringUtf8().equals(member));
  }

  private Path folderOf(String id) throws Exception {
    for (int i = 0; i < 3; i++) {
      Path folder = data.resolve("store-" + i);
      if (DataFolder.nodeIdOf(SealedText.read(folder.resolve(DataFolder.NODE_ID))).equals(id)) {
        return folder;
      }
    }
    throw new IllegalArgumentException("no folder of " + id);
  }

  private static String follower(StoreCluster cluster, FakeRouter leader) {
    return cluster.ids().stream()
        .filter(id -> !id.equals(leader.storeId()))
        .findFirst()
        .orElseThrow();
  }

  private static void awaitQueued(StoreCluster cluster, String id, long messages) {
    await().atMost(PATIENCE).until(() -> cluster.status(id).queued() == messages);
  }

  private static Attached subscriber(FakeRouter router) throws Exception {
    Attached session = router.attach(client("alice", 7, 1).setReceiveMaximum(1));
    router.subscribe(session, "t", 1);
    return session;
  }

  private static void publish(FakeRouter router, int from, int count) throws Exception {
    for (int i = from; i < from + count; i++) {
      router.publish(message("t", 1, "m" + i), null);
    }
    router.awaitCommitted(router.lastPublish.get());
  }

  private static void assertEverythingIsDelivered(FakeRouter router, Attached before, int messages)
      throws Exception {
    Attached again = router.attach(client("alice", 7, 2).setReceiveMaximum(65_535));
    assertTrue(again.getSessionPresent());
    assertTrue(again.getEpoch() > before.getEpoch());
    for (int i = 0; i < messages; i++) {
      assertEquals("m" + i, router.delivery().getMessage().getPayload().toStringUtf8());
    }
  }
}
