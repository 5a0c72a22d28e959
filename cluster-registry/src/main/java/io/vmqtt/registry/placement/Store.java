package io.vmqtt.registry.placement;

import io.vmqtt.cluster.discovery.Node;
import java.util.Comparator;

/**
 * A store that shards can be placed on.
 *
 * @param weight its share of the shards, relative to that of the others; at least 1
 */
public record Store(String id, int weight) {
  /** The key of a store's meta that holds its weight. */
  public static final String WEIGHT = "weight";

  static final Comparator<Store> BY_ID = Comparator.comparing(Store::id);

  public Store {
    if (weight < 1) {
      throw new IllegalArgumentException("store " + id + " has weight " + weight);
    }
  }

  /** The store that a node is: of weight 1 where its meta does not say, or says nonsense. */
  public static Store of(Node node) {
    try {
      return new Store(node.id(), Integer.parseInt(node.meta().getOrDefault(WEIGHT, "1")));
    } catch (IllegalArgumentException e) {
      return new Store(node.id(), 1);
    }
  }
}
