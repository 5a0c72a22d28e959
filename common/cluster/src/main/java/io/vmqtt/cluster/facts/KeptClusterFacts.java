package io.vmqtt.cluster.facts;

import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.option.OptionException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a cluster that is one process, of which a folder keeps some until it starts again.
 * Safe from any thread.
 */
public final class KeptClusterFacts implements ClusterFacts {
  private final EmbeddedClusterFacts facts = new EmbeddedClusterFacts();
  private final FactFolder folder;
  private final Map<FactKind<?>, KeptFact<?>> kept = new ConcurrentHashMap<>();

  public KeptClusterFacts(FactFolder folder) {
    this.folder = folder;
  }

  /**
   * As of {@link ClusterFacts#of}.
   *
   * @throws OptionException if what was kept of it cannot be read
   */
  @Override
  @SuppressWarnings("unchecked") // under a kind there is only what was made for it
  public <T> Fact<T> of(FactKind<T> kind) {
    return folder.keeps(kind)
        ? (Fact<T>)
            kept.computeIfAbsent(kind, absent -> new KeptFact<>(kind, folder, facts.of(kind)))
        : facts.of(kind);
  }

  @Override
  public void close() {
    facts.close();
  }

  /** Written before anybody hears of it. */
  private static final class KeptFact<T> implements Fact<T> {
    private final FactKind<T> kind;
    private final FactFolder folder;
    private final EmbeddedClusterFacts.EmbeddedFact<T> fact;
    private @Nullable T inForce;

    KeptFact(FactKind<T> kind, FactFolder folder, EmbeddedClusterFacts.EmbeddedFact<T> fact) {
      this.kind = kind;
      this.folder = folder;
      this.fact = fact;
      T before = folder.read(kind);
      if (before != null) {
        inForce = fact.create(before);
      }
    }

    @Override
    public Registration watch(Consumer<T> listener) {
      return fact.watch(listener);
    }

    @Override
    public synchronized T create(T proposed) throws IOException {
      T present = inForce;
      if (present != null) {
        return present;
      }
      folder.keep(kind, proposed);
      inForce = proposed;
      return fact.create(proposed);
    }

    @Override
    public synchronized boolean replace(T before, T next) throws IOException {
      if (!before.equals(inForce)) {
        return false;
      }
      folder.keep(kind, next);
      inForce = next;
      return fact.replace(before, next);
    }
  }
}
