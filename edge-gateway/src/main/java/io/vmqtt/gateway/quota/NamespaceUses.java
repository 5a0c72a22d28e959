package io.vmqtt.gateway.quota;

import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quota;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All namespaces at this gateway: those that have clients here, and those that the cluster or a
 * listener names. A quota is for the whole cluster; gateways do not ask one another, so each holds
 * an equal part of it, rounded up. Safe from any thread.
 */
public final class NamespaceUses {
  /** The quotas that gateways keep. */
  public static final List<Quota> KEPT_HERE =
      List.of(Quota.CONNECTIONS, Quota.MESSAGES_IN, Quota.MESSAGES_OUT);

  private final LongSupplier nanoClock;
  private final Witness witness;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Namespace, NamespaceUse> uses = new HashMap<>();
  private Set<Namespace> ofListeners = Set.of();
  private Namespaces facts = Namespaces.NONE;
  private int gateways = 1;

  /** Who is told which of them have a name that others know: there are few of those. */
  public interface Witness {
    /** It has from now on. */
    void named(NamespaceUse use);

    /** It has no longer. */
    void forgotten(NamespaceUse use);
  }

  /** Of a gateway without listeners. */
  public NamespaceUses(LongSupplier nanoClock, Witness witness) {
    this.nanoClock = nanoClock;
    this.witness = witness;
  }

  /** Where nobody ever names one. */
  public static NamespaceUses unnamed() {
    return new NamespaceUses(
        () -> 0,
        new Witness() {
          @Override
          public void named(NamespaceUse use) {}

          @Override
          public void forgotten(NamespaceUse use) {}
        });
  }

  /** Other listeners are there from now on, for these namespaces. */
  public void listeners(Set<Namespace> namespaces) {
    locked(
        () -> {
          ofListeners = Set.copyOf(namespaces);
          bound();
        });
  }

  /** What the cluster says about namespaces from now on. */
  public void facts(Namespaces newFacts) {
    locked(
        () -> {
          facts = newFacts;
          bound();
        });
  }

  /** How many gateways share the quotas from now on, this one among them. */
  public void gateways(int count) {
    locked(
        () -> {
          gateways = Math.max(1, count);
          bound();
        });
  }

  /** One more connection; null: there may be no more. {@link NamespaceUse#leave} has to follow. */
  public @Nullable NamespaceUse join(Namespace namespace) {
    lock.lock();
    try {
      NamespaceUse use = use(namespace);
      return use.join() ? use : null;
    } finally {
      lock.unlock();
    }
  }

  void leave(NamespaceUse use) {
    locked(
        () -> {
          if (use.left() == 0 && !use.isNamed()) {
            uses.remove(use.namespace());
          }
        });
  }

  private NamespaceUse use(Namespace namespace) {
    return uses.computeIfAbsent(namespace, absent -> new NamespaceUse(this, absent));
  }

  private void bound() {
    Set<Namespace> named = new HashSet<>(ofListeners);
    named.addAll(facts.all().keySet());
    named.forEach(this::use);
    for (NamespaceUse use : List.copyOf(uses.values())) {
      boolean before = use.isNamed();
      if (named.contains(use.namespace())) {
        use.bound(facts.quotas(use.namespace()), gateways, nanoClock);
        if (!before) {
          witness.named(use);
        }
      } else if (before) {
        use.unbound();
        witness.forgotten(use);
        if (use.connections() == 0) {
          uses.remove(use.namespace());
        }
      }
    }
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }
}
