package io.vmqtt.router.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouteTableTest {
  private final RouteTable<Place> table = new RouteTable<>(7);
  private final Match<Place> match = new Match<>();
  private final Place a = new Place("a");
  private final Place b = new Place("b");
  private final Place c = new Place("c");

  /** A destination that a test can put out of reach. */
  private static final class Place {
    private final String name;
    private final Origin<Place> origin = new Origin<>(this, () -> isReachable());
    private boolean reachable = true;

    Place(String name) {
      this.name = name;
    }

    private boolean isReachable() {
      return reachable;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @Test
  void match_nothingSet_nobody() {
    assertEquals(Set.of(), matched("a/b"));
    assertEquals(0, table.size());
  }

  @Test
  void match_filtersOfSeveralOrigins_thoseThatMatch() {
    table.set(a.origin, route("sensors/+/temperature"), 1);
    table.set(b.origin, route("sensors/#"), 1);
    table.set(c.origin, route("sensors/1/humidity"), 1);

    assertEquals(Set.of(a, b), matched("sensors/1/temperature"));
    assertEquals(Set.of(b, c), matched("sensors/1/humidity"));
    assertEquals(Set.of(), matched("actors/1"));
  }

  @Test
  void match_originWithSeveralMatchingRoutes_once() {
    table.set(a.origin, route("x/1"), 1);
    table.set(a.origin, route("x/+"), 1);
    table.set(a.origin, route("#"), 1);

    table.match("x/1", match);

    assertEquals(List.of(a), match.destinations());
    table.match("x/1", match);
    assertEquals(List.of(a), match.destinations(), "and once again the next time");
  }

  @Test
  void set_sameRouteAgain_isOneRoute() {
    table.set(a.origin, route("x"), 1);
    table.set(a.origin, route("x"), 5);
    assertEquals(1, table.size());

    table.set(a.origin, route("x"), 0);

    assertEquals(Set.of(), matched("x"));
    assertEquals(0, a.origin.routeCount());
  }

  @Test
  void set_noMembersOnAnUnknownRoute_changesNothing() {
    table.set(a.origin, route("x"), 0);
    table.set(a.origin, shared("g", "x"), 0);

    assertEquals(0, table.size());
    assertEquals(Set.of(), matched("x"));
  }

  @Test
  void clear_originGoes_itsRoutesGoAndThoseOfOthersStay() {
    table.set(a.origin, route("x"), 1);
    table.set(a.origin, shared("g", "x"), 1);
    table.set(b.origin, route("x"), 1);
    table.set(b.origin, shared("g", "x"), 1);

    table.clear(a.origin);

    table.match("x", match);
    assertEquals(List.of(b), match.destinations());
    assertEquals(List.of(shared("g", "x")), match.choicesOf(b));
    assertEquals(0, a.origin.routeCount());
    table.clear(b.origin);
    assertEquals(0, table.size());
  }

  @Test
  void match_shareGroup_originsTakeTurnsByTheirMembers() {
    table.set(a.origin, shared("g", "x"), 2);
    table.set(b.origin, shared("g", "x"), 1);

    Map<Place, Integer> turns = turns(300);

    assertEquals(Map.of(a, 200, b, 100), turns);
  }

  @Test
  void match_shareGroupWhoseMembersChange_turnsFollowTheNewWeights() {
    table.set(a.origin, shared("g", "x"), 1);
    table.set(b.origin, shared("g", "x"), 1);
    turns(7);

    table.set(a.origin, shared("g", "x"), 3);

    assertEquals(Map.of(a, 300, b, 100), turns(400));
  }

  @Test
  void match_shareGroupWithUnreachableOrigins_othersTakeTheirTurns() {
    table.set(a.origin, shared("g", "x"), 5);
    table.set(b.origin, shared("g", "x"), 1);
    table.set(c.origin, shared("g", "x"), 1);
    a.reachable = false;

    assertEquals(Map.of(b, 50, c, 50), turns(100));

    a.reachable = true;
    assertEquals(Map.of(a, 500, b, 100, c, 100), turns(700));
  }

  @Test
  void match_shareGroupThatNobodyCanReach_stillGoesToSomebody() {
    table.set(a.origin, shared("g", "x"), 1);
    table.set(b.origin, shared("g", "x"), 1);
    a.reachable = false;
    b.reachable = false;

    assertEquals(Map.of(a, 5, b, 5), turns(10));
  }

  @Test
  void match_severalGroupsAndAnOrdinaryRoute_oneCopyWithAllChoices() {
    table.set(a.origin, route("x"), 1);
    table.set(a.origin, shared("g", "x"), 1);
    table.set(a.origin, shared("h", "x"), 1);
    table.set(a.origin, shared("g", "+"), 1);

    table.match("x", match);

    assertEquals(List.of(a), match.destinations());
    assertEquals(
        Set.of(shared("g", "x"), shared("h", "x"), shared("g", "+")),
        new HashSet<>(match.choicesOf(a)));
  }

  @Test
  void match_groupServedByAnotherOrigin_noChoiceForThisOne() {
    table.set(a.origin, route("x"), 1);
    table.set(b.origin, shared("g", "x"), 1);

    table.match("x", match);

    assertEquals(List.of(), match.choicesOf(a));
    assertEquals(List.of(shared("g", "x")), match.choicesOf(b));
    table.match("y", match);
    assertEquals(List.of(), match.choicesOf(b), "nothing is left of the match before");
  }

  @Test
  void endSnapshot_someRoutesGoneSomeNew_replacesThemInOneStep() {
    table.set(a.origin, route("old"), 1);
    table.set(a.origin, route("stays"), 1);
    table.set(a.origin, shared("g", "stays"), 1);
    table.beginSnapshot(a.origin);
    table.update(a.origin, route("stays"), 1, false);
    table.update(a.origin, route("new"), 1, false);
    assertEquals(Set.of(a), matched("old"), "not complete yet: nothing has changed");
    assertEquals(Set.of(a), matched("stays"));
    assertEquals(Set.of(), matched("new"));

    table.update(a.origin, shared("g", "new"), 2, false);
    table.endSnapshot(a.origin);

    assertEquals(Set.of(), matched("old"));
    assertEquals(Set.of(a), matched("stays"));
    assertEquals(List.of(), match.choicesOf(a));
    assertEquals(Set.of(a), matched("new"));
    assertEquals(List.of(shared("g", "new")), match.choicesOf(a));
    assertEquals(3, a.origin.routeCount());
  }

  @Test
  void update_noSnapshotBegun_setsAtOnce() {
    table.update(a.origin, route("x"), 1, false);

    assertEquals(Set.of(a), matched("x"));
    table.endSnapshot(a.origin);
    assertEquals(Set.of(a), matched("x"));
  }

  @Test
  void match_routeIsFull_saysSoUntilItIsNot() {
    table.update(a.origin, route("x/+"), 1, true);
    table.update(b.origin, route("x/y"), 1, false);
    assertEquals(Set.of(a, b), matched("x/y"), "those of QoS 0 still go there");
    assertTrue(match.isFull());
    matched("y");
    assertFalse(match.isFull());
    assertEquals(2, table.size());

    table.update(a.origin, route("x/+"), 1, false);
    matched("x/y");
    assertFalse(match.isFull());

    table.update(a.origin, route("x/+"), 1, true);
    table.clear(a.origin);
    assertEquals(Set.of(b), matched("x/y"));
    assertFalse(match.isFull());
    assertEquals(1, table.size());
  }

  @Test
  void match_someOriginsOfAGroupAreFull_othersServeIt() {
    table.update(a.origin, shared("g", "x"), 3, true);
    table.update(b.origin, shared("g", "x"), 1, false);
    assertEquals(Map.of(b, 8), turns(8));
    assertFalse(match.isFull());

    table.update(b.origin, shared("g", "x"), 1, true);
    assertEquals(Map.of(a, 6, b, 2), turns(8));
    assertTrue(match.isFull());
  }

  @Test
  void match_randomChanges_asANaiveTableWouldAnswer() {
    List<String> filters = List.of("x", "y", "+", "#", "x/y", "x/+", "+/y", "x/#", "+/+");
    List<String> topics = List.of("x", "y", "x/y", "x/z", "y/y", "z", "x/y/z");
    for (long seed = 1; seed <= 100; seed++) {
      Random random = new Random(seed);
      RouteTable<Place> tested = new RouteTable<>(7);
      List<Place> origins = List.of(new Place("1"), new Place("2"));
      Map<Place, Set<String>> naive = new HashMap<>();
      for (int step = 0; step < 60; step++) {
        Place origin = origins.get(random.nextInt(2));
        String filter = filters.get(random.nextInt(filters.size()));
        int members = random.nextInt(3);
        Set<String> its = naive.computeIfAbsent(origin, absent -> new HashSet<>());
        if (random.nextInt(20) == 0) {
          tested.clear(origin.origin);
          its.clear();
        } else {
          tested.set(origin.origin, route(filter), members);
          if (members > 0) {
            its.add(filter);
          } else {
            its.remove(filter);
          }
        }
        String topic = topics.get(random.nextInt(topics.size()));
        Set<Place> expected = new HashSet<>();
        naive.forEach(
            (candidate, wanted) -> {
              if (wanted.stream().anyMatch(w -> io.vmqtt.model.TopicFilter.matches(w, topic))) {
                expected.add(candidate);
              }
            });
        Match<Place> result = new Match<>();
        tested.match(topic, result);
        assertEquals(expected.size(), result.destinations().size(), "seed " + seed);
        assertEquals(expected, new HashSet<>(result.destinations()), "seed " + seed);
      }
    }
  }

  /** How often each origin serves the one group of topic {@code x}. */
  private Map<Place, Integer> turns(int messages) {
    Map<Place, Integer> turns = new HashMap<>();
    for (int i = 0; i < messages; i++) {
      table.match("x", match);
      assertEquals(1, match.destinations().size());
      Place chosen = match.destinations().getFirst();
      assertTrue(match.choicesOf(chosen).contains(shared("g", "x")));
      turns.merge(chosen, 1, Integer::sum);
    }
    return turns;
  }

  private Set<Place> matched(String topic) {
    table.match(topic, match);
    List<Place> found = new ArrayList<>(match.destinations());
    Set<Place> distinct = new HashSet<>(found);
    assertEquals(distinct.size(), found.size());
    return distinct;
  }

  private static RouteKey route(String filter) {
    return new RouteKey(filter, "");
  }

  private static RouteKey shared(String group, String filter) {
    return new RouteKey(filter, group);
  }
}
