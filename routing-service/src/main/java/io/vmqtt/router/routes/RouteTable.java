package io.vmqtt.router.routes;

import io.vmqtt.model.TopicTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which origins want which topics. Soft state: origins announce their routes, and the table forgets
 * them with the origin. Confined to the router's thread.
 *
 * <p>Both kinds of routes stand in one tree, so that a publish walks it once: an {@link Origin} for
 * an ordinary route, with a mark beside it if the route is full, a {@link ShareGroup} for a shared
 * one.
 *
 * @param <D> destinations: where messages go that match
 */
public final class RouteTable<D> {
  private final TopicTree<Target<D>> tree;
  private final Map<RouteKey, ShareGroup<D>> groups = new HashMap<>();
  private long matches;
  private int fullRoutes;

  /**
   * A table without routes.
   *
   * @param hashSeed hard to guess: clients choose the filters
   */
  public RouteTable(long hashSeed) {
    tree = new TopicTree<>(hashSeed);
  }

  /** Sets how many subscribers an origin has on a route; 0 takes the route out. */
  public void set(Origin<D> origin, RouteKey key, int members) {
    set(origin, key, new Origin.Terms(members, false));
  }

  private void set(Origin<D> origin, RouteKey key, Origin.Terms terms) {
    Origin.Terms before =
        terms.members() > 0 ? origin.routes.put(key, terms) : origin.routes.remove(key);
    if (key.isShared()) {
      setShared(origin, key, terms);
      return;
    }
    setInTree(key, origin, before != null, terms.members() > 0);
    boolean wasFull = before != null && before.full();
    setInTree(key, origin.whenFull, wasFull, terms.full());
    fullRoutes += (terms.full() ? 1 : 0) - (wasFull ? 1 : 0);
  }

  private void setInTree(RouteKey key, Target<D> target, boolean before, boolean now) {
    if (now && !before) {
      tree.add(key.filter(), target);
    } else if (before && !now) {
      tree.remove(key.filter(), target);
    }
  }

  /** A snapshot of all routes of an origin begins: what {@link #update} brings belongs to it. */
  public void beginSnapshot(Origin<D> origin) {
    origin.snapshot = new HashMap<>();
  }

  /**
   * Sets a route, or, within a snapshot, part of it.
   *
   * @param members how many subscribers the origin has there; 0 takes the route out
   * @param full whether messages of QoS 1 and 2 that match are to be refused
   */
  public void update(Origin<D> origin, RouteKey key, int members, boolean full) {
    Origin.Terms terms = new Origin.Terms(members, full && members > 0);
    Map<RouteKey, Origin.Terms> snapshot = origin.snapshot;
    if (snapshot == null) {
      set(origin, key, terms);
    } else {
      snapshot.put(key, terms);
    }
  }

  /**
   * If a snapshot has begun, it is complete and takes the place of what the origin announced
   * before. In one step, for a publish that comes between two pieces of it must miss nobody.
   */
  public void endSnapshot(Origin<D> origin) {
    Map<RouteKey, Origin.Terms> snapshot = origin.snapshot;
    if (snapshot == null) {
      return;
    }
    origin.snapshot = null;
    for (RouteKey key : List.copyOf(origin.routes.keySet())) {
      if (!snapshot.containsKey(key)) {
        set(origin, key, Origin.Terms.NONE);
      }
    }
    snapshot.forEach((key, terms) -> set(origin, key, terms));
  }

  /** Forgets all routes of an origin. */
  public void clear(Origin<D> origin) {
    for (RouteKey key : List.copyOf(origin.routes.keySet())) {
      set(origin, key, Origin.Terms.NONE);
    }
  }

  /** Fills {@code result} with what {@code topic} goes to. */
  public void match(String topic, Match<D> result) {
    result.clear();
    long match = ++matches;
    tree.match(topic, target -> found(target, match, result));
  }

  /**
   * Fills {@code result} with an origin that serves a share group, if there is one.
   *
   * @param origin not this one; null: any
   */
  public void matchBeside(@Nullable Origin<D> origin, RouteKey key, Match<D> result) {
    result.clear();
    ShareGroup<D> group = groups.get(key);
    ShareGroup.Member<D> member = group == null ? null : group.nextBeside(origin);
    if (member != null) {
      choose(member, key, ++matches, result);
    }
  }

  /**
   * The routes that match a topic, for people: no share group takes a turn.
   *
   * @param topic scoped
   */
  public List<Route<D>> look(String topic) {
    Map<RouteKey, List<Route.Part<D>>> found = new LinkedHashMap<>();
    tree.matchEntries(
        topic,
        (filter, target) -> {
          switch (target) {
            case ShareGroup<D> group -> found.put(group.key(), parts(group));
            case Origin.Full<D> _ -> {} // stands beside the origin that is
            case Origin<D> origin -> {
              RouteKey key = new RouteKey(filter, "");
              found.computeIfAbsent(key, absent -> new ArrayList<>()).add(part(origin, key));
            }
          }
        });
    return found.entrySet().stream()
        .map(route -> new Route<>(route.getKey(), route.getValue()))
        .toList();
  }

  /** The part of one origin in a route that it has; null: it has it no longer. */
  public Route.@Nullable Part<D> look(Origin<D> origin, RouteKey key) {
    if (!origin.routes.containsKey(key)) {
      return null;
    }
    ShareGroup<D> group = groups.get(key);
    return group == null
        ? part(origin, key)
        : parts(group).stream()
            .filter(part -> part.destination().equals(origin.destination()))
            .findFirst()
            .orElse(null);
  }

  private static <D> Route.Part<D> part(Origin<D> origin, RouteKey key) {
    Origin.Terms terms = origin.routes.getOrDefault(key, Origin.Terms.NONE);
    return new Route.Part<>(
        origin.destination(), terms.members(), terms.full(), origin.isReachable(), false);
  }

  private static <D> List<Route.Part<D>> parts(ShareGroup<D> group) {
    ShareGroup.Member<D> next = group.peek();
    return group.members().stream()
        .map(
            member ->
                new Route.Part<>(
                    member.origin().destination(),
                    member.weight(),
                    member.full(),
                    member.origin().isReachable(),
                    member.equals(next)))
        .toList();
  }

  /** How many routes there are, those of share groups counted once per group. */
  public int size() {
    return tree.size() - fullRoutes;
  }

  private void found(Target<D> target, long match, Match<D> result) {
    switch (target) {
      case ShareGroup<D> group -> choose(group.next(), group.key(), match, result);
      case Origin.Full<D> full -> result.full();
      case Origin<D> origin -> addOnce(origin, match, result);
    }
  }

  private void choose(ShareGroup.Member<D> member, RouteKey key, long match, Match<D> result) {
    addOnce(member.origin(), match, result);
    result.choose(member.origin().destination(), key);
    if (member.full()) {
      result.full();
    }
  }

  private void addOnce(Origin<D> origin, long match, Match<D> result) {
    if (origin.lastMatch != match) {
      origin.lastMatch = match;
      result.add(origin.destination());
    }
  }

  private void setShared(Origin<D> origin, RouteKey key, Origin.Terms terms) {
    ShareGroup<D> group = groups.get(key);
    if (group == null) {
      if (terms.members() == 0) {
        return;
      }
      group = new ShareGroup<>(key);
      groups.put(key, group);
      tree.add(key.filter(), group);
    }
    group.set(origin, terms);
    if (group.isEmpty()) {
      groups.remove(key);
      tree.remove(key.filter(), group);
    }
  }
}
