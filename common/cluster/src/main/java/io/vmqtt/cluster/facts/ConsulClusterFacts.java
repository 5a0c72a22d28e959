package io.vmqtt.cluster.facts;

import io.vmqtt.cluster.consul.Consul;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The cluster's facts in Consul's key-value store. Safe from any thread. */
public final class ConsulClusterFacts implements ClusterFacts {
  private static final String FOLDER = "vmqtt/cluster/";

  private final Consul consul;
  private final ExecutorService notifier =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("cluster-facts").factory());
  private final Map<FactKind<?>, ConsulFact<?>> facts = new ConcurrentHashMap<>();

  /**
   * Asks nothing until somebody watches or creates.
   *
   * @param consul stays open when this is closed
   */
  public ConsulClusterFacts(Consul consul) {
    this.consul = consul;
  }

  /** The key that holds a fact, as text. */
  public static String keyOf(FactKind<?> kind) {
    return FOLDER + kind.key();
  }

  @Override
  @SuppressWarnings("unchecked") // under a kind there is only what was made for it
  public <T> Fact<T> of(FactKind<T> kind) {
    return (Fact<T>)
        facts.computeIfAbsent(
            kind, absent -> new ConsulFact<>(consul, keyOf(kind), kind, notifier));
  }

  @Override
  public void close() {
    facts.values().forEach(ConsulFact::close);
    notifier.shutdownNow();
  }
}
