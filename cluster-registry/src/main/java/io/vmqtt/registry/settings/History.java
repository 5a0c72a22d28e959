package io.vmqtt.registry.settings;

import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.facts.AuthoredKind;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.facts.Earlier;
import io.vmqtt.cluster.facts.EarlierKind;
import io.vmqtt.cluster.facts.Fact;
import io.vmqtt.cluster.facts.FromFile;
import io.vmqtt.registry.files.FactFile;
import java.io.IOException;
import java.time.InstantSource;

/**
 * The versions of a fact that others have taken the place of. Safe from any thread.
 *
 * @param <T> the fact
 */
public final class History<T extends FromFile<T>> implements AutoCloseable {
  private static final int TRIES = 5;

  private final EarlierKind<T> kind;
  private final Fact<Earlier<T>> fact;
  private final InstantSource clock;
  private final Registration watch;
  private volatile Earlier<T> known = Earlier.none();

  /** That of a kind of fact. */
  public History(ClusterFacts facts, AuthoredKind<T> of, InstantSource clock) {
    this.kind = new EarlierKind<>(of);
    this.fact = facts.of(kind);
    this.clock = clock;
    this.watch = fact.watch(this::learn);
  }

  private synchronized void learn(Earlier<T> latest) {
    if (latest.version() > known.version()) {
      known = latest;
    }
  }

  /** As far as it is known here. */
  Earlier<T> known() {
    return known;
  }

  /**
   * Keeps a version of which another takes the place. What nobody has said is not kept.
   *
   * @throws IOException if it is not known whether it is kept
   */
  public void add(T said) throws IOException {
    if (said.origin() == null) {
      return;
    }
    for (int tried = 0; tried < TRIES; tried++) {
      Earlier<T> before = known;
      Earlier<T> after =
          kind.withinLimit(before.with(said).after(before, clock.millis()), FactFile.MOST_BYTES);
      if (after.saysTheSameAs(before)) {
        return;
      }
      if (before.version() > 0 && fact.replace(before, after)) {
        learn(after);
        return;
      }
      Earlier<T> inForce = fact.create(after);
      learn(inForce);
      if (inForce.equals(after)) {
        return;
      }
    }
    throw new IOException("others keep changing what is kept of " + kind.of().key());
  }

  @Override
  public void close() {
    watch.close();
  }
}
