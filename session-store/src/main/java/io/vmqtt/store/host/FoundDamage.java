package io.vmqtt.store.host;

import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.DataFolder;
import io.vmqtt.store.storage.TablesCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Damage that a store finds only when it opens a shard: every block of its tables is read for the
 * first time then. One shard is looked at at a time, by a thread of its own, since all of its
 * tables are read; another that fails meanwhile is tried again by its placement, and comes back.
 */
public final class FoundDamage {
  private static final Logger log = LoggerFactory.getLogger(FoundDamage.class);
  private static final int NONE = -1;

  private final DataFolder folder;
  private final Set<Integer> seen = new HashSet<>();
  private int lookedAt = NONE;
  private volatile @Nullable String found;

  public FoundDamage(DataFolder folder) {
    this.folder = folder;
  }

  /** Why the store must end, in one line; null: nothing was found. */
  public @Nullable String found() {
    return found;
  }

  /** Whether a shard is being looked at: nobody may open it meanwhile. */
  synchronized boolean isLookedAt(int shard) {
    return lookedAt == shard;
  }

  /**
   * A shard could not be opened. Its tables are looked at, once, if RocksDB said that they are
   * damaged: a full disk, or too many open files, is no damage.
   */
  synchronized void couldNotOpen(int shard, Exception problem) {
    if (lookedAt == NONE && TablesCheck.isCorruption(problem) && seen.add(shard)) {
      lookedAt = shard;
      Thread.ofPlatform().name("store-damage").daemon().start(() -> look(shard));
    }
  }

  private void look(int shard) {
    Path tables = folder.shards().resolve(Integer.toString(shard));
    try {
      List<Damage> damages = TablesCheck.of(tables, TablesCheck.Depth.EVERYTHING).damages();
      if (!damages.isEmpty()) {
        found = DataFolder.complaint(folder.path(), damages);
        log.error("{}", found);
      }
    } catch (IOException | RuntimeException e) {
      log.warn("cannot look at {}", tables, e);
    } finally {
      synchronized (this) {
        lookedAt = NONE;
      }
    }
  }
}
