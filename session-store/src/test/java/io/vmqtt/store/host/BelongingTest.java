package io.vmqtt.store.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.store.storage.DataFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which cluster a store follows, with a real folder that is closed and opened again. */
class BelongingTest {
  @TempDir private Path path;
  private DataFolder folder;
  private Belonging belonging;

  @BeforeEach
  void open() throws Exception {
    folder = DataFolder.open(path, FolderCheck::beforeStart);
    folder.keepNodeId();
    belonging = new Belonging(folder);
  }

  @AfterEach
  void close() throws Exception {
    folder.close();
  }

  private void restart() throws Exception {
    close();
    open();
  }

  @Test
  void told_newFolder_followedAndKept() throws Exception {
    ShardMap map = map("x", 1, folder.nodeId());
    belonging.told(map);

    assertEquals(map, belonging.inForce());
    restart();
    assertEquals(map, folder.shardMap());
    assertNull(belonging.inForce(), "nobody has said yet that it is still in force");
  }

  @Test
  void told_anotherClusterThanTheDataOf_refused() throws Exception {
    ShardMap map = map("x", 1, folder.nodeId());
    follow(map);
    restart();

    belonging.told(map("y", 7, folder.nodeId()));

    assertEquals("y", belonging.refused());
    assertNull(belonging.inForce());
    assertEquals(map, folder.shardMap());
  }

  /** Consul was given back what a store knew that had slept. */
  @Test
  void told_anEarlierEpoch_theOneOnDiskIsFollowed() throws Exception {
    ShardMap latest = map("x", 3, folder.nodeId());
    follow(latest);
    restart();

    belonging.told(map("x", 2, "other"));

    assertEquals(latest, belonging.inForce());
  }

  @Test
  void told_anotherClusterWhileItHoldsNothing_goesWithOneThatWasMadeOnIt() throws Exception {
    follow(map("x", 1, "other"));
    restart();

    belonging.told(map("y", 1, "other"));
    assertEquals("y", belonging.refused());

    ShardMap onIt = map("z", 1, folder.nodeId());
    belonging.told(onIt);
    assertEquals(onIt, belonging.inForce());
  }

  /** The map places nothing here, but what it did place has not been handed back yet. */
  @Test
  void told_anotherClusterWhileAShardIsStillHere_refused() throws Exception {
    follow(map("x", 1, "other"));
    restart();
    Files.createDirectories(folder.shards().resolve("0"));

    belonging.told(map("z", 1, folder.nodeId()));

    assertEquals("z", belonging.refused());
    assertNull(belonging.inForce());
  }

  private void follow(ShardMap map) {
    belonging.told(map);
    assertEquals(map, belonging.inForce());
  }

  private static ShardMap map(String cluster, long epoch, String store) {
    return new ShardMap(epoch, 1, List.of(List.of(store))).of(cluster);
  }
}
