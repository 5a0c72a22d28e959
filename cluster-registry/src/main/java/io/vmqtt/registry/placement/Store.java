package io.vmqtt.registry.placement;

import io.vmqtt.cluster.discovery.Node;
import java.util.Comparator;

/**
 * A store that shards can be placed on.
 *
 * @param name what it keeps when it loses its disk; empty where it has none
 * @param weight its share of the shards, relative to that of the others; at least 1
 */
public record Store(String id, String name, int weight) {
  /** The key of a store's meta that holds its weight. */
  public static final String WEIGHT = "weight";

  static final Comparator<Store> BY_ID = Comparator.comparing(Store::id);

  /** A store without a name. */
  public Store(String id, int weight) {
    this(id, "", weight);
  }

  public Store {
    if (weight < 1) {
      throw new IllegalArgumentException("store " + id + " has weight " + weight);
    }
  }

  /** The store that a node is: of weight 1 where its meta does not say, or says nonsense. */
  public static Store of(Node node) {
    String name = node.meta().getOrDefault(Node.NAME, "");
    try {
      return new Store(node.id(), name, Integer.parseInt(node.meta().getOrDefault(WEIGHT, "1")));
    } catch (IllegalArgumentException e) {
      return new Store(node.id(), name, 1);
    }
  }
}
