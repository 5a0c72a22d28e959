package io.vmqtt.store.host;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.DataFolder;
import io.vmqtt.store.storage.Findings;
import io.vmqtt.store.storage.StorageException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

class FoundDamageTest {
  @TempDir private Path data;

  /** As it is thrown when a shard is opened. */
  private static StorageException problem(Status.Code code) {
    return new StorageException(
        "cannot open", new RocksDBException("?", new Status(code, Status.SubCode.None, "?")));
  }

  private DataFolder withDamagedTables() throws Exception {
    RocksDB.loadLibrary();
    Path tables = Files.createDirectories(data.resolve("shards").resolve("3"));
    Files.writeString(tables.resolve("CURRENT"), "MANIFEST-000009\n");
    return DataFolder.open(data, path -> new Findings(List.of(), List.of()));
  }

  @Test
  void couldNotOpen_corruption_isLookedAtOnceAndFound() throws Exception {
    try (DataFolder folder = withDamagedTables()) {
      FoundDamage damage = new FoundDamage(folder);
      damage.couldNotOpen(3, problem(Status.Code.Corruption));
      await().until(() -> damage.found() != null);
      assertTrue(String.valueOf(damage.found()).contains("MANIFEST-000009: is missing"));
      await().until(() -> !damage.isLookedAt(3));
      damage.couldNotOpen(3, problem(Status.Code.Corruption));
      assertFalse(damage.isLookedAt(3));
    }
  }

  @Test
  void found_othersHaveIt_endsTheStore() throws Exception {
    try (DataFolder folder = withDamagedTables()) {
      FoundDamage damage = new FoundDamage(folder);
      damage.found(new Damage(data.resolve("file"), "has another checksum"), true);
      String said = String.valueOf(damage.found());
      assertTrue(said.contains("is damaged: " + data.resolve("file") + ": has another"), said);
    }
  }

  @Test
  void found_nobodyElseHasIt_isNamedAndEndsNothing() throws Exception {
    try (DataFolder folder = withDamagedTables()) {
      FoundDamage damage = new FoundDamage(folder);
      damage.found(new Damage(data.resolve("file"), "has another checksum"), false);
      damage.found(new Damage(data.resolve("file"), "has another checksum"), false);
      assertEquals(List.of(data.resolve("file").toString()), damage.named());
      assertNull(damage.found());
    }
  }

  @Test
  void logFailed_diskCouldNot_endsTheStore_butTheEndOfALogDoesNot() throws Exception {
    try (DataFolder folder = withDamagedTables()) {
      FoundDamage damage = new FoundDamage(folder);
      damage.logFailed(3, new IOException("the log ended", new ClosedByInterruptException()));
      assertNull(damage.found());
      damage.logFailed(3, new IOException("flush", new IOException("Input/output error")));
      String said = String.valueOf(damage.found());
      assertTrue(said.contains("shard 3 in " + data + " cannot be written: Input/output"), said);
    }
  }

  /** Whatever is wrong with its tables besides: nobody reads all of them for a full disk. */
  @Test
  void couldNotOpen_otherProblems_areNotLookedAt() throws Exception {
    try (DataFolder folder = withDamagedTables()) {
      FoundDamage damage = new FoundDamage(folder);
      for (Exception other :
          List.of(
              problem(Status.Code.IOError),
              problem(Status.Code.NotSupported),
              new StorageException("the applied index is damaged"),
              new IOException("No such file"))) {
        damage.couldNotOpen(3, other);
        assertFalse(damage.isLookedAt(3), other::toString);
      }
      assertNull(damage.found());
    }
  }
}
