package io.vmqtt.gateway.trace;

import io.vmqtt.cluster.operation.TopList;
import io.vmqtt.cluster.operation.TopList.Name;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.connection.Missed;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.datasketches.frequencies.ItemsSketch;
import org.jspecify.annotations.Nullable;

/**
 * What is rare where all is well: clients that connect, and what comes to nothing; counted all the
 * time, by client, for the last one to two minutes. Confined to one event loop.
 */
public final class Incidents {
  private final RecentCounts<Name> connects;
  private final RecentCounts<Loss> losses;

  private record Loss(Missed what, Name client) {}

  /** None yet. */
  public Incidents(LongSupplier nanoClock) {
    connects = new RecentCounts<>(nanoClock);
    losses = new RecentCounts<>(nanoClock);
  }

  /** A client has its CONNACK. */
  public void connected(Identity who) {
    connects.add(name(who), 1);
  }

  /** Something of a client came to nothing, so many times. */
  public void missed(Missed what, Identity who, int times) {
    losses.add(new Loss(what, name(who)), times);
  }

  private static Name name(Identity who) {
    return new Name(who.namespace().name(), who.clientId());
  }

  /** Those of several event loops; each adds its own, one after the other. */
  public static final class Sum {
    private final ItemsSketch<Name> connects = RecentCounts.sum();
    private final ItemsSketch<Loss> losses = RecentCounts.sum();

    /** On the event loop of {@code incidents}. */
    public void add(Incidents incidents) {
      incidents.connects.addTo(connects);
      incidents.losses.addTo(losses);
    }

    /** Takes over another. */
    public void add(Sum other) {
      connects.merge(other.connects);
      losses.merge(other.losses);
    }

    /**
     * Those that have connected most often, more than once.
     *
     * @param namespace null: all
     */
    List<TopList.Item> flapping(@Nullable String namespace) {
      return RecentCounts.most(connects)
          .filter(one -> one.getValue() > 1)
          .filter(one -> namespace == null || namespace.equals(one.getKey().namespace()))
          .limit(TopList.MOST)
          .map(
              one ->
                  new TopList.Item(one.getKey().namespace(), one.getKey().text(), one.getValue()))
          .toList();
    }

    /**
     * The most frequent losses.
     *
     * @param namespace null: all
     */
    List<TopList.Loss> losses(@Nullable String namespace) {
      return RecentCounts.most(losses)
          .filter(one -> namespace == null || namespace.equals(one.getKey().client().namespace()))
          .limit(TopList.MOST)
          .map(
              one ->
                  new TopList.Loss(
                      one.getKey().what().label(),
                      one.getKey().client().namespace(),
                      one.getKey().client().text(),
                      one.getValue()))
          .toList();
    }
  }
}
