package io.vmqtt.store.storage;

import io.vmqtt.cluster.machine.FileLimit;

/**
 * How many files a shard has open, of those that the process may: clients must not take what tables
 * and logs need.
 */
public final class StorageFiles {
  /** Of a shard whose tables are closed: folders, logs, and what a flush writes. */
  private static final int BESIDE_TABLES = 24;

  /** RocksDB takes no fewer. */
  private static final int FEWEST_TABLES = 20;

  private static final int MOST_TABLES = 500;

  /** One shard is one of many. */
  private static final int SHARE = 1_024;

  private StorageFiles() {}

  /** The tables of a shard that are open at once; others are opened again when they are read. */
  static int tablesPerShard() {
    return Math.clamp(FileLimit.current() / SHARE, FEWEST_TABLES, MOST_TABLES);
  }

  /** All files of a shard. */
  public static int perShard() {
    return BESIDE_TABLES + tablesPerShard();
  }
}
