package io.vmqtt.cluster.facts;

import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Watched;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** The facts of a cluster that is one process: they live and end with it. Safe from any thread. */
public final class EmbeddedClusterFacts implements ClusterFacts {
  private final Executor notifier;
  private final Runnable whenClosed;
  private final Map<FactKind<?>, EmbeddedFact<?>> facts = new ConcurrentHashMap<>();

  /** Tells listeners by a thread of its own. */
  public EmbeddedClusterFacts() {
    ExecutorService thread =
        Executors.newSingleThreadExecutor(Thread.ofVirtual().name("cluster-facts").factory());
    notifier = thread;
    whenClosed = thread::shutdownNow;
  }

  /**
   * Tells listeners by the thread of somebody else.
   *
   * @param notifier must never run two tasks at once
   */
  public EmbeddedClusterFacts(Executor notifier) {
    this.notifier = notifier;
    this.whenClosed = () -> {};
  }

  @Override
  @SuppressWarnings("unchecked") // under a kind there is only what was made for it
  public <T> EmbeddedFact<T> of(FactKind<T> kind) {
    return (EmbeddedFact<T>)
        facts.computeIfAbsent(kind, absent -> new EmbeddedFact<T>(new Watched<>(notifier)));
  }

  @Override
  public void close() {
    whenClosed.run();
  }

  /** A fact in the memory of this process. */
  public static final class EmbeddedFact<T> implements Fact<T> {
    private final Watched<T> watched;

    private EmbeddedFact(Watched<T> watched) {
      this.watched = watched;
    }

    @Override
    public Registration watch(Consumer<T> listener) {
      return watched.watch(listener);
    }

    @Override
    public synchronized T create(T proposed) {
      T inForce = watched.newest();
      if (inForce != null) {
        return inForce;
      }
      watched.set(proposed);
      return proposed;
    }

    @Override
    public synchronized boolean replace(T inForce, T next) {
      boolean replaced = inForce.equals(watched.newest());
      if (replaced) {
        watched.set(next);
      }
      return replaced;
    }
  }
}
