package io.vmqtt.registry.config;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.vmqtt.registry.placement.PlacementPlan;
import java.time.Duration;

/**
 * The options of a registry; docs/configuration.md describes them.
 *
 * @param shards see {@link PlacementPlan}
 * @param replicationFactor see {@link PlacementPlan}
 * @param initialStores see {@link PlacementPlan}
 * @param statusTimeout how long a node may take to tell its figures
 * @param statusParallelism how many nodes are asked for theirs at once
 */
@ConfigurationProperties("vmqtt.registry")
public record RegistryConfiguration(
    @Bindable(defaultValue = "8") int shards,
    @Bindable(defaultValue = "1") int replicationFactor,
    @Bindable(defaultValue = "1") int initialStores,
    @Bindable(defaultValue = "1s") Duration statusTimeout,
    @Bindable(defaultValue = "16") int statusParallelism) {

  public RegistryConfiguration {
    if (statusTimeout.toMillis() < 1) {
      throw new IllegalArgumentException("impossible status timeout " + statusTimeout);
    }
    if (statusParallelism < 1 || statusParallelism > 256) {
      throw new IllegalArgumentException(
          "the status parallelism must be 1 to 256, not " + statusParallelism);
    }
  }

  PlacementPlan plan() {
    return new PlacementPlan(shards, replicationFactor, initialStores);
  }
}
