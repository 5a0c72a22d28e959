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
 * first time then. Used on the thread of the store's timer; {@link #found} by any.
 */
public final class FoundDamage {
  private static final Logger log = LoggerFactory.getLogger(FoundDamage.class);

  private final DataFolder folder;
  private final Set<Integer> seen = new HashSet<>();
  private volatile @Nullable String found;

  public FoundDamage(DataFolder folder) {
    this.folder = folder;
  }

  /** Why the store must end, in one line; null: nothing was found. */
  public @Nullable String found() {
    return found;
  }

  /** Looks at the tables of a shard that could not be opened, once. */
  void look(int shard) {
    if (!seen.add(shard)) {
      return;
    }
    Path tables = folder.shards().resolve(Integer.toString(shard));
    try {
      List<Damage> damages = TablesCheck.of(tables, TablesCheck.Depth.EVERYTHING).damages();
      if (!damages.isEmpty()) {
        found = DataFolder.complaint(folder.path(), damages);
        log.error("{}", found);
      }
    } catch (IOException e) {
      log.warn("cannot look at {}", tables, e);
    }
  }
}
