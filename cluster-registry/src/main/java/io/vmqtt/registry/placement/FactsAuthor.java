package io.vmqtt.registry.placement;

import io.vmqtt.cluster.consul.Backoff;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.placement.ClusterFacts;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.registry.membership.Candidate;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the cluster's fixed facts while this registry leads: once, as soon as there are enough
 * healthy stores.
 *
 * <p>It never places anew: the map is created by compare-and-set, so two that believe they lead
 * agree on one. A new leader offers the map it knows, which restores a Consul that lost its memory;
 * a map computed anew could tell the stores that their data belongs elsewhere.
 *
 * <p>One thing changes later: a store that comes back with its name and an empty disk, hence with
 * another id, gets the replicas of the one that it was ({@link Replacement}).
 *
 * <p>All state belongs to one thread, that of {@code worker}.
 */
public final class FactsAuthor implements Candidate, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FactsAuthor.class);

  private final Discovery discovery;
  private final ClusterFacts facts;
  private final PlacementPlan plan;
  private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("facts-author").factory());

  private boolean leading;

  /** This term's work is done: the facts are known to be in Consul. */
  private boolean written;

  private Set<Node> stores = Set.of();
  private @Nullable ShardMap known;
  private List<Registration> watches = List.of();

  public FactsAuthor(Discovery discovery, ClusterFacts facts, PlacementPlan plan) {
    this.discovery = discovery;
    this.facts = facts;
    this.plan = plan;
  }

  public void start() {
    watches =
        List.of(
            facts.watchShardMap(
                map ->
                    worker.execute(
                        () -> {
                          known = map;
                          replaceLost();
                        })),
            discovery.watch(
                Role.SESSION_STORE,
                nodes ->
                    worker.execute(
                        () -> {
                          stores = nodes;
                          write();
                          replaceLost();
                        })));
  }

  @Override
  public void elected() {
    worker.execute(
        () -> {
          leading = true;
          written = false;
          backoff.reset();
          write();
        });
  }

  @Override
  public void deposed() {
    worker.execute(() -> leading = false);
  }

  private void write() {
    if (!leading || written) {
      return;
    }
    ShardMap proposed = known;
    if (proposed == null) {
      if (stores.size() < plan.stores()) {
        log.info(
            "Waiting for {} stores before shards are placed; {} so far",
            plan.stores(),
            stores.size());
        return;
      }
      proposed = plan.place(stores.stream().map(Store::of).toList());
    }
    try {
      ShardMap inForce = facts.createShardMap(proposed);
      written = true;
      log.info("The shard map of epoch {} is in force: {}", inForce.epoch(), inForce.replicas());
      if (inForce.shardCount() != plan.shards()) {
        log.warn(
            "This cluster has {} shards; the {} configured here matter only to a new one",
            inForce.shardCount(),
            plan.shards());
      }
    } catch (IOException e) {
      log.debug("Could not write the shard map, trying again", e);
      var _ = worker.schedule(this::write, backoff.next().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void replaceLost() {
    ShardMap inForce = known;
    if (!leading || !written || inForce == null) {
      return;
    }
    List<Store> present = stores.stream().map(Store::of).toList();
    Replacement lost = Replacement.find(inForce, present);
    if (lost == null) {
      return;
    }
    if (inForce.replicationFactor() == 1) {
      log.error(
          "Store {} is here with an empty disk; what {} had is on no other store and is not given up",
          lost.name(),
          lost.gone());
      return;
    }
    try {
      boolean replaced =
          facts.replaceShardMap(inForce, inForce.replace(lost.gone(), lost.replacement()));
      log.info(
          "Store {} is {} now, after {}: {}",
          lost.name(),
          lost.replacement(),
          lost.gone(),
          replaced ? "it gets its replicas" : "somebody else has seen to it");
    } catch (IOException e) {
      log.debug("Could not replace a store in the shard map, trying again", e);
      var _ = worker.schedule(this::replaceLost, backoff.next().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    watches.forEach(Registration::close);
    worker.shutdownNow();
  }
}
