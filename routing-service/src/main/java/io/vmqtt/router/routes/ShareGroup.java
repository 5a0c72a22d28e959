package io.vmqtt.router.routes;

import java.util.ArrayList;
import java.util.List;

/** The origins that have members of one share group on one filter; they take turns by weight. */
final class ShareGroup {
  private final RouteKey key;
  private final List<Member> members = new ArrayList<>();
  private int nextTurn;

  ShareGroup(RouteKey key) {
    this.key = key;
  }

  RouteKey key() {
    return key;
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  /** Sets how many members the origin has; none takes it out. */
  @SuppressWarnings("ReferenceEquality") // an origin is itself
  void set(Origin origin, int weight) {
    members.removeIf(member -> member.origin == origin);
    if (weight > 0) {
      members.add(new Member(origin, weight));
    }
  }

  /**
   * The origin whose turn it is. Unreachable ones are passed over while there is a reachable one.
   * Must not be empty.
   */
  Origin next() {
    int reachableWeight = weight(true);
    boolean onlyReachable = reachableWeight > 0;
    int total = onlyReachable ? reachableWeight : weight(false);
    int turn = Math.floorMod(nextTurn++, total);
    for (Member member : members) {
      if (!onlyReachable || member.origin.isReachable()) {
        turn -= member.weight;
        if (turn < 0) {
          return member.origin;
        }
      }
    }
    throw new IllegalStateException("share group " + key + " has no members");
  }

  private int weight(boolean onlyReachable) {
    int weight = 0;
    for (Member member : members) {
      if (!onlyReachable || member.origin.isReachable()) {
        weight += member.weight;
      }
    }
    return weight;
  }

  private record Member(Origin origin, int weight) {}
}
