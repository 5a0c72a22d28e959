package io.vmqtt.store.host;

import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.store.storage.DataFolder;
import java.io.IOException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * To which cluster a store belongs, by the shard map on its disk, and so which map it may follow. A
 * map is on the disk before anything is done by it: no data ever lies here without the map that
 * says whose it is.
 *
 * <p>The map of another cluster is refused, for it would give this store's shards to others, and
 * shards to this store that it has already under the same numbers. Only a store that holds none
 * goes with a new cluster that was made on purpose on it. Used on the thread of the store's timer;
 * {@link #refused} by any.
 */
public final class Belonging {
  private static final Logger log = LoggerFactory.getLogger(Belonging.class);

  private final DataFolder folder;
  private @Nullable ShardMap told;
  private volatile @Nullable String refused;

  public Belonging(DataFolder folder) {
    this.folder = folder;
  }

  /** The id of the cluster whose map was refused; null where none was. */
  public @Nullable String refused() {
    return refused;
  }

  /** This map is said to be in force. */
  void told(ShardMap map) {
    ShardMap carried = folder.shardMap();
    if (carried == null || map.isOfClusterOf(carried) || maySwitch(carried, map)) {
      told = carried != null && carried.isLaterThan(map) ? carried : map;
      sayWhatItMeans(map);
    } else if (!map.cluster().equals(refused)) {
      refused = map.cluster();
      log.error(
          "refused: the data folder {} belongs to cluster {}, but Consul's shard map is of cluster"
              + " {}; no shard is opened",
          folder.path(),
          carried.cluster(),
          map.cluster());
    }
  }

  private boolean maySwitch(ShardMap carried, ShardMap map) {
    return !carried.stores().contains(folder.nodeId())
        && !folder.hasShards()
        && map.stores().contains(folder.nodeId());
  }

  private void sayWhatItMeans(ShardMap map) {
    if (!map.stores().contains(folder.nodeId())) {
      log.info(
          "the shard map of cluster {}, epoch {}, gives this store nothing; shards lie on {}",
          map.cluster(),
          map.epoch(),
          map.stores().stream().sorted().map(map::nameOf).collect(Collectors.joining(", ")));
    }
  }

  /** The map to follow; null while there is none, or it cannot be kept. */
  @Nullable ShardMap inForce() {
    ShardMap map = told;
    if (map == null) {
      return null;
    }
    try {
      folder.keep(map);
      return map;
    } catch (IOException e) {
      log.error("cannot keep the shard map in {}: it is not followed yet", folder.path(), e);
      return null;
    }
  }
}
