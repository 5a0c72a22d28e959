package io.vmqtt.store.leading;

import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quota;
import io.vmqtt.model.Quotas;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What each shard may have of the namespaces that somebody has said something about. A quota is for
 * the whole cluster; shards do not ask one another, so each holds an equal part of it, rounded up.
 *
 * @param cluster what the namespaces may have
 * @param shardCount how many shards share it
 * @param queueBytes by namespace: the bound of its queues in a shard; without one it has none
 */
public record ShardQuotas(Namespaces cluster, int shardCount, Map<Namespace, Long> queueBytes) {
  /** Nobody has said anything. */
  public static final ShardQuotas NONE = new ShardQuotas(Namespaces.NONE, 1);

  /** The parts of so many shards. */
  public ShardQuotas(Namespaces cluster, int shardCount) {
    this(cluster, shardCount, queueBytes(cluster, shardCount));
  }

  private static Map<Namespace, Long> queueBytes(Namespaces cluster, int shardCount) {
    Map<Namespace, Long> bounds = new HashMap<>();
    cluster
        .all()
        .forEach(
            (namespace, terms) -> {
              long share = terms.quotas().share(Quota.QUEUE_BYTES, shardCount);
              if (share != Quotas.UNLIMITED) {
                bounds.put(namespace, share);
              }
            });
    return Map.copyOf(bounds);
  }

  /** The namespaces that somebody has said something about. */
  public Set<Namespace> named() {
    return cluster.all().keySet();
  }

  /** How much of that a shard may have. */
  public long limit(Namespace namespace, Quota quota) {
    return cluster.quotas(namespace).share(quota, shardCount);
  }
}
