package io.vmqtt.registry.config;

import static io.vmqtt.cluster.process.Bounds.within;

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
 * @param newCluster whether a new cluster is made where stores remember one of which they hold
 *     nothing
 * @param statusTimeout how long a node may take to tell its figures
 * @param statusParallelism how many nodes are asked for theirs at once
 */
@ConfigurationProperties("vmqtt.registry")
public record RegistryConfiguration(
    @Bindable(defaultValue = "8") int shards,
    @Bindable(defaultValue = "1") int replicationFactor,
    @Bindable(defaultValue = "1") int initialStores,
    @Bindable(defaultValue = "false") boolean newCluster,
    @Bindable(defaultValue = "1s") Duration statusTimeout,
    @Bindable(defaultValue = "16") int statusParallelism) {

  public RegistryConfiguration {
    within("vmqtt.registry.shards", shards, 1, PlacementPlan.MOST_SHARDS);
    within("vmqtt.registry.replication-factor", replicationFactor, 1, PlacementPlan.MOST_REPLICAS);
    within("vmqtt.registry.initial-stores", initialStores, 1, PlacementPlan.MOST_STORES);
    within(
        "vmqtt.registry.status-timeout",
        statusTimeout,
        Duration.ofMillis(1),
        Duration.ofMinutes(1));
    within("vmqtt.registry.status-parallelism", statusParallelism, 1, 256);
  }

  PlacementPlan plan() {
    return new PlacementPlan(shards, replicationFactor, initialStores);
  }
}
