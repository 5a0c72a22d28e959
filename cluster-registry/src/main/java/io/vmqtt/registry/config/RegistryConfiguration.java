package io.vmqtt.registry.config;

import io.vmqtt.registry.access.AccessFile;
import io.vmqtt.registry.alarms.WebhookTerms;
import io.vmqtt.registry.bans.BansFile;
import io.vmqtt.registry.namespaces.NamespacesFile;
import io.vmqtt.registry.operators.OperatorsFile;
import io.vmqtt.registry.placement.PlacementPlan;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is set for a registry, by {@link RegistryOptions}.
 *
 * @param shards see {@link PlacementPlan}
 * @param replicationFactor see {@link PlacementPlan}
 * @param initialStores see {@link PlacementPlan}
 * @param newCluster whether a new cluster is made where stores remember one of which they hold
 *     nothing
 * @param statusTimeout how long a node may take to tell its figures
 * @param statusParallelism how many nodes are asked for theirs at once
 * @param nodeAuthority who signs the certificates that nodes show for HTTP; null: that of the
 *     cluster
 * @param namespaces what is said about namespaces; null: this registry has nothing to say
 * @param access what is said about access; null: the same
 * @param bans who is banned; null: the same
 * @param operators who may look at the cluster and change it; null: the same
 * @param webhook who is told of alarms; null: nobody
 */
public record RegistryConfiguration(
    int shards,
    int replicationFactor,
    int initialStores,
    boolean newCluster,
    Duration statusTimeout,
    int statusParallelism,
    @Nullable Path nodeAuthority,
    @Nullable NamespacesFile namespaces,
    @Nullable AccessFile access,
    @Nullable BansFile bans,
    @Nullable OperatorsFile operators,
    @Nullable WebhookTerms webhook) {

  public RegistryConfiguration {
    RegistryOptions.SHARDS.require(shards);
    RegistryOptions.REPLICATION_FACTOR.require(replicationFactor);
    RegistryOptions.INITIAL_STORES.require(initialStores);
    RegistryOptions.STATUS_TIMEOUT.require(statusTimeout);
    RegistryOptions.STATUS_PARALLELISM.require(statusParallelism);
  }

  PlacementPlan plan() {
    return new PlacementPlan(shards, replicationFactor, initialStores);
  }
}
