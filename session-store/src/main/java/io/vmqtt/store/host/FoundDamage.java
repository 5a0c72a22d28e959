package io.vmqtt.store.host;

import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.DataFolder;
import io.vmqtt.store.storage.TablesCheck;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Damage that a store finds while it runs. When it opens a shard, every block of its tables is read
 * for the first time: one shard is looked at at a time, by a thread of its own, since all of its
 * tables are read; another that fails meanwhile is tried again by its placement, and comes back.
 * Its {@link Scrub} finds what nobody asks for. And a log that cannot be written, or synced, is as
 * good as damaged: nobody knows what of it is on the disk.
 */
public final class FoundDamage {
  private static final Logger log = LoggerFactory.getLogger(FoundDamage.class);
  private static final int NONE = -1;

  private final DataFolder folder;
  private final Set<Integer> seen = new HashSet<>();
  private int lookedAt = NONE;
  private final Set<Path> named = new LinkedHashSet<>();
  private volatile @Nullable String found;

  public FoundDamage(DataFolder folder) {
    this.folder = folder;
  }

  /** Why the store must end, in one line; null: nothing was found. */
  public @Nullable String found() {
    return found;
  }

  /** The damaged files with which it goes on, since nobody else has what is in them. */
  public synchronized List<String> named() {
    return named.stream().map(Path::toString).toList();
  }

  /**
   * Something is damaged that nobody has asked for. Where others have all that is in it, the store
   * ends, to come back with what they have; else it serves what is good, which is all but that.
   */
  public synchronized void found(Damage damage, boolean othersHaveIt) {
    String complaint = DataFolder.complaint(folder.path(), List.of(damage));
    if (!othersHaveIt) {
      if (named.add(damage.file())) {
        log.error("{}; nobody else has it, so the store goes on with all else", complaint);
      }
    } else if (found == null) {
      found = complaint;
      log.error("{}", complaint);
    }
  }

  /** Of a shard nothing more can be written; the end of a log says so, too, and is none. */
  public synchronized void logFailed(int shard, Throwable cause) {
    Throwable root = cause;
    for (Throwable next = cause; next != null; next = next.getCause()) {
      root = next;
    }
    if (root instanceof ClosedChannelException || root instanceof InterruptedException) {
      log.debug("the log of shard {} ends", shard, cause);
    } else if (found == null) {
      found =
          "the log of shard "
              + shard
              + " in "
              + folder.path()
              + " cannot be written: "
              + root.getMessage()
              + "; nothing was acknowledged by it. Look at the disk; docs/operations.md says what"
              + " can be done";
      log.error("{}", found, cause);
    }
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
