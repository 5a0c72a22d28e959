package io.vmqtt.gateway.trace;

import io.vmqtt.cluster.operation.TraceEvents;
import io.vmqtt.cluster.operation.TraceList;
import io.vmqtt.cluster.operation.TraceSpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The traces of one gateway: some at a time, those that are over among them, until somebody deletes
 * them or another needs the place. Safe from any thread.
 */
public final class Traces {
  /** At a time. */
  public static final int MOST = 4;

  private final String node;
  private final InstantSource clock;
  private volatile List<Trace> all = List.of();

  /**
   * None.
   *
   * @param node the id of this gateway
   */
  public Traces(String node, InstantSource clock) {
    this.node = node;
    this.clock = clock;
  }

  /** The id of this gateway. */
  public String node() {
    return node;
  }

  /**
   * Begins one; an old one that is over may go for that.
   *
   * @return null: as many as may be are not over
   * @throws IllegalArgumentException if it cannot be meant so
   */
  public synchronized @Nullable Trace start(TraceSpec spec) {
    Trace started = new Trace(spec, clock);
    List<Trace> next = new ArrayList<>(all);
    next.removeIf(one -> one.spec().id().equals(spec.id()));
    if (next.size() >= MOST) {
      Trace over = next.stream().filter(Trace::isOver).findFirst().orElse(null);
      if (over == null) {
        return null;
      }
      next.remove(over);
    }
    next.add(started);
    all = List.copyOf(next);
    return started;
  }

  /** Ends one, and forgets it. */
  public synchronized void end(String id) {
    List<Trace> next = new ArrayList<>(all);
    next.removeIf(
        one -> {
          boolean named = one.spec().id().equals(id);
          if (named) {
            one.end();
          }
          return named;
        });
    all = List.copyOf(next);
  }

  /** Those that something may be written down for. */
  public List<Trace> active() {
    List<Trace> known = all;
    return known.isEmpty() ? known : known.stream().filter(one -> !one.isOver()).toList();
  }

  /** What is known of each. */
  public TraceList list() {
    return new TraceList(
        all.stream()
            .map(one -> new TraceList.TraceInfo(one.spec(), one.isOver(), one.count()))
            .toList());
  }

  /**
   * What one has written down.
   *
   * @param after only what is behind this number
   */
  public TraceEvents events(String id, long after, int limit) {
    return all.stream()
        .filter(one -> one.spec().id().equals(id))
        .findFirst()
        .map(one -> one.events(after, limit))
        .orElseGet(() -> new TraceEvents(null, true, List.of(), after, 0, false));
  }
}
