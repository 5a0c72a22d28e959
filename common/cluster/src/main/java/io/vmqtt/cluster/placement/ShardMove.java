package io.vmqtt.cluster.placement;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a shard is to go.
 *
 * @param targets the ids of the stores that are to hold it, the preferred leader first
 * @param learners the ids of stores that get its entries, and have no vote
 */
public record ShardMove(List<String> targets, List<String> learners) {
  /** {@code learners} may be absent where they are read. */
  public ShardMove(List<String> targets, @Nullable List<String> learners) {
    this.targets = List.copyOf(targets);
    this.learners = learners == null ? List.of() : List.copyOf(learners);
  }
}
