package io.vmqtt.store.storage;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/** The memory that the tables of all shards of a process share; bounds it. */
public final class StorageMemory implements AutoCloseable {
  static {
    RocksDB.loadLibrary();
  }

  private final Cache blocks;
  private final Cache buffersAccount;
  private final WriteBufferManager buffers;

  /**
   * @param blockCacheBytes for what was read
   * @param writeBufferBytes for what is not flushed yet, of all shards together
   */
  public StorageMemory(long blockCacheBytes, long writeBufferBytes) {
    blocks = new LRUCache(blockCacheBytes);
    buffersAccount = new LRUCache(writeBufferBytes);
    buffers = new WriteBufferManager(writeBufferBytes, buffersAccount);
  }

  Cache blocks() {
    return blocks;
  }

  WriteBufferManager buffers() {
    return buffers;
  }

  @Override
  public void close() {
    buffers.close();
    buffersAccount.close();
    blocks.close();
  }
}
