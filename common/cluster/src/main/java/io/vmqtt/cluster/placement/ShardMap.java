package io.vmqtt.cluster.placement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which stores hold which shard. Immutable; a later map of the same cluster has a higher epoch and
 * the same number of shards. Maps of two clusters have nothing to do with each other.
 *
 * @param cluster the id of the cluster, made up when it was created
 * @param epoch counts the versions of the map, from 1
 * @param replicationFactor how many stores hold each shard, at most
 * @param replicas per shard, by its number: the ids of the stores that hold it now, the preferred
 *     leader first; never empty
 * @param names by the ids of stores: their names. A store that lost its disk has a new id, and is
 *     known by its name
 * @param moves by number: the shards that are on their way to other stores
 */
public record ShardMap(
    String cluster,
    long epoch,
    int replicationFactor,
    List<List<String>> replicas,
    Map<String, String> names,
    Map<Integer, ShardMove> moves) {

  /** A map of stores without names, in a cluster without an id. */
  public ShardMap(long epoch, int replicationFactor, List<List<String>> replicas) {
    this("", epoch, replicationFactor, replicas, Map.of(), Map.of());
  }

  /** A map in which no shard is on its way. */
  public ShardMap(
      String cluster,
      long epoch,
      int replicationFactor,
      List<List<String>> replicas,
      Map<String, String> names) {
    this(cluster, epoch, replicationFactor, replicas, names, Map.of());
  }

  /** {@code cluster}, {@code names} and {@code moves} were not written by the first versions. */
  public ShardMap(
      @Nullable String cluster,
      long epoch,
      int replicationFactor,
      List<List<String>> replicas,
      @Nullable Map<String, String> names,
      @Nullable Map<Integer, ShardMove> moves) {
    this.cluster = cluster == null ? "" : cluster;
    this.names = names == null ? Map.of() : Map.copyOf(names);
    this.moves = moves == null ? Map.of() : Map.copyOf(moves);
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
    this.moves.forEach(
        (shard, move) -> requireMove(shard, move, replicas.size(), replicationFactor));
  }

  private static void requireMove(
      int shard, ShardMove move, int shardCount, int replicationFactor) {
    if (shard < 0 || shard >= shardCount) {
      throw new IllegalArgumentException("shard " + shard + " moves, but there is none");
    }
    requireReplicas(shard, move.targets(), replicationFactor);
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

  /** The ids of the stores that are to have a vote in a shard, the preferred leader first. */
  public List<String> targets(int shard) {
    ShardMove move = moves.get(shard);
    return move == null ? replicas.get(shard) : move.targets();
  }

  /** Whether a store is to have a shard: it holds it, or will, or is to learn it. */
  public boolean places(int shard, String store) {
    ShardMove move = moves.get(shard);
    return replicas.get(shard).contains(store)
        || (move != null && (move.targets().contains(store) || move.learners().contains(store)));
  }

  /** The next epoch: a shard is on its way. */
  public ShardMap move(int shard, ShardMove move) {
    Map<Integer, ShardMove> next = new HashMap<>(moves);
    next.put(shard, move);
    return new ShardMap(cluster, epoch + 1, replicationFactor, replicas, names, next);
  }

  /** The next epoch: a shard is where it was to go. */
  public ShardMap arrived(int shard) {
    List<List<String>> present = new ArrayList<>(replicas);
    present.set(shard, targets(shard));
    Map<Integer, ShardMove> next = new HashMap<>(moves);
    next.remove(shard);
    return new ShardMap(cluster, epoch + 1, replicationFactor, present, names, next);
  }

  /**
   * The next epoch: another of the stores that hold a shard is to lead it.
   *
   * @throws IllegalArgumentException if there is no such shard, the store does not hold it, or it
   *     is on its way
   */
  public ShardMap prefer(int shard, String store) {
    if (shard < 0 || shard >= shardCount()) {
      throw new IllegalArgumentException(
          "there is no shard " + shard + ", but 0 to " + (shardCount() - 1));
    }
    List<String> holders = replicas.get(shard);
    if (!holders.contains(store)) {
      throw new IllegalArgumentException(
          "'" + store + "' does not hold shard " + shard + ", but " + String.join(", ", holders));
    }
    if (moves.containsKey(shard)) {
      throw new IllegalArgumentException("shard " + shard + " is on its way to other stores");
    }
    List<String> preferred = new ArrayList<>(holders);
    preferred.remove(store);
    preferred.addFirst(store);
    List<List<String>> next = new ArrayList<>(replicas);
    next.set(shard, preferred);
    return new ShardMap(cluster, epoch + 1, replicationFactor, next, names, moves);
  }

  /** The ids of all stores that hold a shard. */
  public Set<String> stores() {
    return replicas.stream().flatMap(List::stream).collect(Collectors.toUnmodifiableSet());
  }

  /** The next epoch: one store has every replica that another had. */
  public ShardMap replace(String gone, String replacement) {
    UnaryOperator<List<String>> exchange =
        ids -> ids.stream().map(id -> id.equals(gone) ? replacement : id).toList();
    Map<Integer, ShardMove> nextMoves = new HashMap<>(moves);
    nextMoves.replaceAll(
        (shard, move) ->
            new ShardMove(exchange.apply(move.targets()), exchange.apply(move.learners())));
    Map<String, String> nextNames = new HashMap<>(names);
    String name = nextNames.remove(gone);
    if (name != null) {
      nextNames.put(replacement, name);
    }
    return new ShardMap(
        cluster,
        epoch + 1,
        replicationFactor,
        replicas.stream().map(exchange).toList(),
        nextNames,
        nextMoves);
  }

  /** The same map, as that of this cluster. */
  public ShardMap of(String newCluster) {
    return new ShardMap(newCluster, epoch, replicationFactor, replicas, names, moves);
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
