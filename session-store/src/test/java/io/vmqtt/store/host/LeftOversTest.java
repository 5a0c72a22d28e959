package io.vmqtt.store.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapJson;
import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.DataFolder;
import io.vmqtt.store.storage.SealedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;

/** What was to be deleted, and is there by half, is no damage where nobody needs it. */
class LeftOversTest {
  private static final String STORE = "store-01234567-89ab";
  private static final String GROUP = "raft/564d5154-5400-4000-8000-000000000000";

  @TempDir private Path data;

  @BeforeEach
  void id() throws IOException {
    RocksDB.loadLibrary();
    SealedText.write(data.resolve(DataFolder.NODE_ID), STORE);
  }

  private void map(long epoch, String... stores) throws IOException {
    ShardMap map = new ShardMap(epoch, stores.length, List.of(List.of(stores)));
    SealedText.write(data.resolve(DataFolder.SHARD_MAP), ShardMapJson.write(map));
  }

  /** A table that no list names. */
  private void half(String folder) throws IOException {
    Files.writeString(Files.createDirectories(data.resolve(folder)).resolve("000010.sst"), "?");
  }

  private List<Path> damaged() throws IOException {
    return FolderCheck.ofEverything(data).damages().stream().map(Damage::file).toList();
  }

  @Test
  void tables_withoutLogAndNote_ofAShardThatBeginsWithWhatOthersSend_areNotLookedAt()
      throws Exception {
    half("shards/0");
    map(2, STORE, "store-1", "store-2");
    assertEquals(List.of(), damaged());
  }

  /** Nobody else has them. */
  @Test
  void tables_withoutLogAndNote_ofAShardWithOneReplica_areDamaged() throws Exception {
    half("shards/0");
    map(2, STORE);
    assertEquals(List.of(data.resolve("shards/0/CURRENT")), damaged());
  }

  @Test
  void checkpoint_halfDeleted_isDamagedOnlyIfThereIsNoLaterOne() throws Exception {
    map(1, STORE, "store-1", "store-2");
    half(GROUP + "/sm/1_10");
    assertEquals(List.of(data.resolve(GROUP + "/sm/1_10/CURRENT")), damaged());
    Files.createDirectories(data.resolve(GROUP + "/sm/1_20"));
    assertEquals(List.of(), damaged());
  }
}
