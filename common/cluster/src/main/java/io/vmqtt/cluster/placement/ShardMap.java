package io.vmqtt.cluster.placement;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which stores hold which shard. Immutable; a later map of the same cluster has a higher epoch and
 * the same number of shards. Maps of two clusters have nothing to do with each other.
 *
 * @param cluster the id of the cluster, made up when it was created
 * @param epoch counts the versions of the map, from 1
 * @param replicationFactor how many stores hold each shard, at most
 * @param replicas per shard, by its number: the ids of the stores that hold it, the preferred
 *     leader first; never empty
 * @param names by the ids of stores: their names. A store that lost its disk has a new id, and is
 *     known by its name
 */
public record ShardMap(
    String cluster,
    long epoch,
    int replicationFactor,
    List<List<String>> replicas,
    Map<String, String> names) {

  /** A map of stores without names, in a cluster without an id. */
  public ShardMap(long epoch, int replicationFactor, List<List<String>> replicas) {
    this("", epoch, replicationFactor, replicas, Map.of());
  }

  /** {@code cluster} and {@code names} were not written by the first versions. */
  public ShardMap(
      @Nullable String cluster,
      long epoch,
      int replicationFactor,
      List<List<String>> replicas,
      @Nullable Map<String, String> names) {
    this.cluster = cluster == null ? "" : cluster;
    this.names = names == null ? Map.of() : Map.copyOf(names);
    this.epoch = epoch;
    this.replicationFactor = replicationFactor;
    if (epoch < 1) {
      throw new IllegalArgumentException("the epoch of a shard map starts at 1, not " + epoch);
    }
    if (replicationFactor < 1) {
      throw new IllegalArgumentException("impossible replication factor " + replicationFactor);
    }
    if (replicas.isEmpty()) {
      throw new IllegalArgumentException("a shard map needs a shard");
    }
    this.replicas = replicas.stream().map(List::copyOf).toList();
    for (int shard = 0; shard < replicas.size(); shard++) {
      requireReplicas(shard, replicas.get(shard), replicationFactor);
    }
  }

  private static void requireReplicas(int shard, List<String> stores, int replicationFactor) {
    if (stores.isEmpty() || stores.size() > replicationFactor) {
      throw new IllegalArgumentException(
          "shard " + shard + " has " + stores.size() + " replicas, not 1 to " + replicationFactor);
    }
    if (new HashSet<>(stores).size() != stores.size()) {
      throw new IllegalArgumentException("shard " + shard + " names a store twice: " + stores);
    }
  }

  /** The ids of all stores that hold a shard. */
  public Set<String> stores() {
    return replicas.stream().flatMap(List::stream).collect(Collectors.toUnmodifiableSet());
  }

  /** The next epoch: one store has every replica that another had. */
  public ShardMap replace(String gone, String replacement) {
    List<List<String>> next =
        replicas.stream()
            .map(ids -> ids.stream().map(id -> id.equals(gone) ? replacement : id).toList())
            .toList();
    Map<String, String> nextNames = new HashMap<>(names);
    String name = nextNames.remove(gone);
    if (name != null) {
      nextNames.put(replacement, name);
    }
    return new ShardMap(cluster, epoch + 1, replicationFactor, next, nextNames);
  }

  /** The same map, as that of this cluster. */
  public ShardMap of(String newCluster) {
    return new ShardMap(newCluster, epoch, replicationFactor, replicas, names);
  }

  /** Whether both are of one cluster, whatever their epochs. */
  public boolean isOfClusterOf(ShardMap other) {
    return cluster.equals(other.cluster);
  }

  /** Whether this is a later map of the same cluster. */
  public boolean isLaterThan(ShardMap other) {
    return isOfClusterOf(other) && epoch > other.epoch;
  }

  /** A store as people know it: by its name, if it has one, and its id. */
  public String nameOf(String store) {
    String name = names.get(store);
    return name == null ? store : name + " (" + store + ")";
  }

  /** How many shards the cluster has: fixed when it was created. */
  public int shardCount() {
    return replicas.size();
  }
}
