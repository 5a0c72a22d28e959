package io.vmqtt.router.routes;

import io.vmqtt.model.TopicTree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which origins want which topics. Soft state: origins announce their routes, and the table forgets
 * them with the origin. Confined to the router's thread.
 *
 * <p>Both kinds of routes stand in one tree, so that a publish walks it once: an {@link Origin} for
 * an ordinary route, a {@link ShareGroup} for a shared one.
 */
public final class RouteTable {
  private final TopicTree<Object> tree = new TopicTree<>();
  private final Map<RouteKey, ShareGroup> groups = new HashMap<>();
  private long matches;

  /** Sets how many subscribers an origin has on a route; 0 takes the route out. */
  public void set(Origin origin, RouteKey key, int members) {
    Integer before = members > 0 ? origin.routes.put(key, members) : origin.routes.remove(key);
    if (key.isShared()) {
      setShared(origin, key, members);
    } else if (members > 0 && before == null) {
      tree.add(key.filter(), origin);
    } else if (members == 0 && before != null) {
      tree.remove(key.filter(), origin);
    }
  }

  /** A snapshot of all routes of an origin begins: what {@link #update} brings belongs to it. */
  public void beginSnapshot(Origin origin) {
    origin.snapshot = new HashMap<>();
  }

  /** As {@link #set}, or, within a snapshot, part of it. */
  public void update(Origin origin, RouteKey key, int members) {
    Map<RouteKey, Integer> snapshot = origin.snapshot;
    if (snapshot == null) {
      set(origin, key, members);
    } else {
      snapshot.put(key, members);
    }
  }

  /**
   * If a snapshot has begun, it is complete and takes the place of what the origin announced
   * before. In one step, for a publish that comes between two pieces of it must miss nobody.
   */
  public void endSnapshot(Origin origin) {
    Map<RouteKey, Integer> snapshot = origin.snapshot;
    if (snapshot == null) {
      return;
    }
    origin.snapshot = null;
    for (RouteKey key : List.copyOf(origin.routes.keySet())) {
      if (!snapshot.containsKey(key)) {
        set(origin, key, 0);
      }
    }
    snapshot.forEach((key, members) -> set(origin, key, members));
  }

  /** Forgets all routes of an origin. */
  public void clear(Origin origin) {
    for (RouteKey key : List.copyOf(origin.routes.keySet())) {
      set(origin, key, 0);
    }
  }

  /** Fills {@code result} with what {@code topic} goes to. */
  public void match(String topic, Match result) {
    result.clear();
    long match = ++matches;
    tree.match(topic, target -> found(target, match, result));
  }

  /** How many routes there are, those of share groups counted once per group. */
  public int size() {
    return tree.size();
  }

  private void found(Object target, long match, Match result) {
    if (target instanceof ShareGroup group) {
      Origin origin = group.next();
      addOnce(origin, match, result);
      result.choose(origin, group.key());
    } else if (target instanceof Origin origin) {
      addOnce(origin, match, result);
    }
  }

  private static void addOnce(Origin origin, long match, Match result) {
    if (origin.lastMatch != match) {
      origin.lastMatch = match;
      result.add(origin);
    }
  }

  private void setShared(Origin origin, RouteKey key, int members) {
    ShareGroup group = groups.get(key);
    if (group == null) {
      if (members == 0) {
        return;
      }
      group = new ShareGroup(key);
      groups.put(key, group);
      tree.add(key.filter(), group);
    }
    group.set(origin, members);
    if (group.isEmpty()) {
      groups.remove(key);
      tree.remove(key.filter(), group);
    }
  }
}
