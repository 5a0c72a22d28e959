package io.vmqtt.cluster.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * A consistent-hash ring: which of the live routers a topic belongs to.
 *
 * <p>Every node stands at many points of a circle of 64-bit hashes, and a key belongs to the node
 * at the first point at or after the key's own hash. When one of n nodes leaves, only its keys
 * move, about 1/n of all, spread over the others. The points depend on the ids alone: every process
 * that sees the same nodes builds the same ring, in whatever order it heard of them.
 *
 * <p>Immutable. A look-up is one hash and one binary search.
 *
 * @param <N> what stands on the ring
 */
public final class HashRing<N> {
  /** Enough for shares within some ten percent of each other; a ring of 3 fits in 6 KiB. */
  static final int POINTS_PER_NODE = 256;

  private final List<N> nodes;

  /** The points of all nodes, ascending. */
  private final long[] points;

  /** For each point, the index in {@link #nodes} of the node that stands there. */
  private final int[] owners;

  private HashRing(List<N> nodes, long[] points, int[] owners) {
    this.nodes = nodes;
    this.points = points;
    this.owners = owners;
  }

  /**
   * A ring of these nodes.
   *
   * @param idOf names a node; equal for the same node in every process
   * @throws IllegalArgumentException if two nodes have one id
   */
  public static <N> HashRing<N> of(
      Collection<? extends N> nodes, Function<? super N, String> idOf) {
    List<N> ordered = new ArrayList<>(nodes);
    ordered.sort(Comparator.comparing(idOf));
    for (int i = 1; i < ordered.size(); i++) {
      String id = idOf.apply(ordered.get(i));
      if (id.equals(idOf.apply(ordered.get(i - 1)))) {
        throw new IllegalArgumentException("two nodes on the ring are called " + id);
      }
    }
    List<Point> all = new ArrayList<>(ordered.size() * POINTS_PER_NODE);
    for (int owner = 0; owner < ordered.size(); owner++) {
      String id = idOf.apply(ordered.get(owner));
      for (int i = 0; i < POINTS_PER_NODE; i++) {
        all.add(new Point(KeyHash.of(id + '#' + i), owner));
      }
    }
    // Where two points coincide, the lower id is found first: as good a rule as any, and
    // everybody's.
    all.sort(Comparator.comparingLong(Point::hash).thenComparingInt(Point::owner));
    return new HashRing<>(
        List.copyOf(ordered),
        all.stream().mapToLong(Point::hash).toArray(),
        all.stream().mapToInt(Point::owner).toArray());
  }

  /**
   * The node that {@code key} (a topic) belongs to.
   *
   * @throws IllegalStateException if the ring is empty
   */
  public N ownerOf(String key) {
    if (points.length == 0) {
      throw new IllegalStateException("nobody stands on the ring");
    }
    int found = Arrays.binarySearch(points, KeyHash.of(key));
    int next = found >= 0 ? found : -found - 1;
    return nodes.get(owners[next == points.length ? 0 : next]);
  }

  public boolean isEmpty() {
    return nodes.isEmpty();
  }

  /** All nodes on the ring, in the order of their ids. */
  public List<N> nodes() {
    return nodes;
  }

  private record Point(long hash, int owner) {}
}
