package io.vmqtt.router.routes;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The origins that have members of one share group on one filter; they take turns by weight. */
final class ShareGroup<D> implements Target<D> {
  private final RouteKey key;
  private final List<Member<D>> members = new ArrayList<>();
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

  /** Sets what members the origin has; none takes it out. */
  @SuppressWarnings("ReferenceEquality") // an origin is itself
  void set(Origin<D> origin, Origin.Terms terms) {
    members.removeIf(member -> member.origin == origin);
    if (terms.members() > 0) {
      members.add(new Member<>(origin, terms.members(), terms.full()));
    }
  }

  /**
   * The origin whose turn it is. Those that are full, and those that cannot be reached, are passed
   * over while there are others. Must not be empty.
   */
  Member<D> next() {
    return chosen(members, nextTurn++);
  }

  /** The one that {@link #next} would give now. */
  Member<D> peek() {
    return chosen(members, nextTurn);
  }

  List<Member<D>> members() {
    return List.copyOf(members);
  }

  /** The same, without one origin; null: there is no other. */
  @SuppressWarnings("ReferenceEquality") // an origin is itself
  @Nullable Member<D> nextBeside(@Nullable Origin<D> origin) {
    List<Member<D>> others = members.stream().filter(member -> member.origin != origin).toList();
    return others.isEmpty() ? null : chosen(others, nextTurn++);
  }

  private Member<D> chosen(List<Member<D>> among, int number) {
    int best = among.stream().mapToInt(Member::rank).max().orElse(0);
    int total = among.stream().filter(m -> m.rank() == best).mapToInt(Member::weight).sum();
    int turn = Math.floorMod(number, total);
    for (Member<D> member : among) {
      if (member.rank() == best) {
        turn -= member.weight;
        if (turn < 0) {
          return member;
        }
      }
    }
    throw new IllegalStateException("share group " + key + " has no members");
  }

  /**
   * An origin and its members.
   *
   * @param weight how many
   * @param full whether all of them take no more messages of QoS 1 and 2
   */
  record Member<D>(Origin<D> origin, int weight, boolean full) {

    /** How welcome messages are there. */
    private int rank() {
      return (full ? 0 : 2) + (origin.isReachable() ? 1 : 0);
    }
  }
}
