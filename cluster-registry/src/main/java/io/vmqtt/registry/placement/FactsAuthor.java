package io.vmqtt.registry.placement;

import io.vmqtt.cluster.consul.Backoff;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.Fact;
import io.vmqtt.cluster.placement.CarriedMap;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.registry.membership.Candidate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the cluster's fixed facts while this registry leads: once, as soon as there are enough
 * healthy stores.
 *
 * <p>It never places anew: the map is created by compare-and-set, so two that believe they lead
 * agree on one. A new leader offers the map it knows, or else the one that stores carry ({@link
 * Founding}), which restores a Consul that lost its memory; a map computed anew could tell the
 * stores that their data belongs elsewhere.
 *
 * <p>Two things change later: a store that comes back with its name and an empty disk, hence with
 * another id, gets the replicas of the one that it was ({@link Replacement}); and where a store
 * carries a later map than Consul was given back, that one takes its place.
 *
 * <p>All state belongs to one thread, that of {@code worker}.
 */
public final class FactsAuthor implements Candidate, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FactsAuthor.class);

  private final Discovery discovery;
  private final Fact<ShardMap> shardMap;
  private final Founding founding;
  private final CarriedMaps carriedMaps;
  private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("facts-author").factory());

  private boolean leading;

  /** This term's work is done: the facts are known to be in Consul. */
  private boolean written;

  private Set<Node> stores = Set.of();
  private @Nullable ShardMap known;
  private @Nullable ScheduledFuture<?> next;

  /** What was said last about the stores that are waited for: said once. */
  private String said = "";

  /** The ids of the stores of other clusters that were complained of. */
  private final Set<String> refused = new HashSet<>();

  private List<Registration> watches = List.of();

  /**
   * @param newCluster see {@link Founding}
   * @param clusterIds makes up the ids of new clusters
   */
  public FactsAuthor(
      Discovery discovery,
      Fact<ShardMap> shardMap,
      PlacementPlan plan,
      boolean newCluster,
      Supplier<String> clusterIds,
      CarriedMaps carriedMaps) {
    this.discovery = discovery;
    this.shardMap = shardMap;
    this.founding = new Founding(plan, newCluster, clusterIds);
    this.carriedMaps = carriedMaps;
  }

  public void start() {
    watches =
        List.of(
            shardMap.watch(
                map ->
                    worker.execute(
                        () -> {
                          known = map;
                          work();
                        })),
            discovery.watch(
                Role.SESSION_STORE,
                nodes ->
                    worker.execute(
                        () -> {
                          stores = nodes;
                          work();
                        })));
  }

  @Override
  public void elected() {
    worker.execute(
        () -> {
          leading = true;
          written = false;
          said = "";
          backoff.reset();
          work();
        });
  }

  @Override
  public void deposed() {
    worker.execute(() -> leading = false);
  }

  private void work() {
    if (!leading) {
      return;
    }
    if (next != null) {
      next.cancel(false);
      next = null;
    }
    try {
      Map<Node, CarriedMap> answers = carriedMaps.of(stores);
      if (!written) {
        write(answers);
      }
      ShardMap inForce = known;
      if (written && inForce != null) {
        keepUp(inForce, answers);
      }
    } catch (IOException e) {
      log.debug("Could not write the shard map, trying again", e);
      workAgain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void workAgain() {
    if (next == null) {
      next = worker.schedule(this::work, backoff.next().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void write(Map<Node, CarriedMap> answers) throws IOException {
    ShardMap map = known;
    Founding.Step step =
        map == null
            ? founding.next(stores, answers)
            : new Founding.Step.Write(map, "known to this registry");
    switch (step) {
      case Founding.Step.Write write -> write(write);
      case Founding.Step.AwaitStores waiting -> say(waiting.why());
      case Founding.Step.AskAgain asking -> {
        say(asking.why());
        workAgain();
      }
    }
  }

  private void write(Founding.Step.Write write) throws IOException {
    ShardMap inForce = shardMap.create(write.map());
    written = true;
    backoff.reset();
    log.info(
        "The shard map of cluster {}, epoch {}, is in force ({}): {}",
        inForce.cluster(),
        inForce.epoch(),
        inForce.equals(write.map()) ? write.why() : "found in Consul",
        inForce.replicas());
    if (inForce.shardCount() != founding.plan().shards()) {
      log.warn(
          "This cluster has {} shards; the {} configured here matter only to a new one",
          inForce.shardCount(),
          founding.plan().shards());
    }
  }

  private void say(String what) {
    if (!what.equals(said)) {
      said = what;
      log.info("{}", what);
    }
  }

  /** What follows from who is here, and with what, once there is a map. */
  private void keepUp(ShardMap inForce, Map<Node, CarriedMap> answers) throws IOException {
    sayWhoIsMissing(inForce);
    List<Store> present = new ArrayList<>();
    ShardMap latest = inForce;
    for (Node node : stores) {
      CarriedMap answer = answers.get(node);
      ShardMap carried = answer == null ? null : answer.shardMap();
      boolean isPlaced = inForce.stores().contains(node.id());
      if (carried != null && carried.isLaterThan(latest)) {
        latest = carried;
      }
      if (isPlaced) {
        present.add(Store.of(node));
      } else if (answer == null) {
        workAgain(); // Until it has said whose it is, it gets nothing.
      } else if (carried == null || carried.isOfClusterOf(inForce)) {
        present.add(Store.of(node));
      } else if (refused.add(node.id())) {
        log.error(
            "Store {} ({}) belongs to cluster {}, not to {}: it is refused and gets no shards",
            Store.of(node).name(),
            node.id(),
            carried.cluster(),
            inForce.cluster());
      }
    }
    if (latest.isLaterThan(inForce)) {
      log.info(
          "A store carries the shard map of epoch {}, Consul has epoch {}: {}",
          latest.epoch(),
          inForce.epoch(),
          shardMap.replace(inForce, latest) ? "replaced" : "somebody else has seen to it");
    } else {
      replaceLost(inForce, present);
    }
  }

  private void sayWhoIsMissing(ShardMap inForce) {
    Set<String> missing = new TreeSet<>(inForce.stores());
    stores.forEach(node -> missing.remove(node.id()));
    say(
        missing.isEmpty()
            ? "All stores that hold shards are here"
            : "Waiting for stores that hold shards: "
                + missing.stream().map(inForce::nameOf).collect(Collectors.joining(", ")));
  }

  private void replaceLost(ShardMap inForce, List<Store> present) throws IOException {
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
    boolean replaced = shardMap.replace(inForce, inForce.replace(lost.gone(), lost.replacement()));
    log.info(
        "Store {} is {} now, after {}: {}",
        lost.name(),
        lost.replacement(),
        lost.gone(),
        replaced ? "it gets its replicas" : "somebody else has seen to it");
  }

  @Override
  public void close() {
    watches.forEach(Registration::close);
    worker.shutdownNow();
  }
}
