package io.vmqtt.cluster.status;

import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.operation.OperationKey;
import io.vmqtt.cluster.operation.OperationKeyFact;
import jakarta.annotation.PreDestroy;
import org.jspecify.annotations.Nullable;

/** The key of the cluster. It is heard of from the start on: the first who asks is to be known. */
@Context
@Requires(beans = Consul.class)
public final class KnownOperationKey implements AutoCloseable {
  private final Registration watch;
  private volatile @Nullable OperationKey key;

  KnownOperationKey(ClusterFacts facts) {
    this.watch = facts.of(OperationKeyFact.OPERATION_KEY).watch(known -> key = known);
  }

  /** Null: nobody knows it yet. */
  public @Nullable OperationKey get() {
    return key;
  }

  @Override
  @PreDestroy
  public void close() {
    watch.close();
  }
}
