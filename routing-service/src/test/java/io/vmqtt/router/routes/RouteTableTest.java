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
  private final RouteTable table = new RouteTable();
  private final Match match = new Match();
  private final TestOrigin a = new TestOrigin("a");
  private final TestOrigin b = new TestOrigin("b");
  private final TestOrigin c = new TestOrigin("c");

  /** An origin that a test can put out of reach. */
  private static final class TestOrigin extends Origin {
    private final String name;
    private boolean reachable = true;

    TestOrigin(String name) {
      this.name = name;
    }

    @Override
    public boolean isReachable() {
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
    table.set(a, route("sensors/+/temperature"), 1);
    table.set(b, route("sensors/#"), 1);
    table.set(c, route("sensors/1/humidity"), 1);

    assertEquals(Set.of(a, b), matched("sensors/1/temperature"));
    assertEquals(Set.of(b, c), matched("sensors/1/humidity"));
    assertEquals(Set.of(), matched("actors/1"));
  }

  @Test
  void match_originWithSeveralMatchingRoutes_once() {
    table.set(a, route("x/1"), 1);
    table.set(a, route("x/+"), 1);
    table.set(a, route("#"), 1);

    table.match("x/1", match);

    assertEquals(List.of(a), match.origins());
    table.match("x/1", match);
    assertEquals(List.of(a), match.origins(), "and once again the next time");
  }

  @Test
  void set_sameRouteAgain_isOneRoute() {
    table.set(a, route("x"), 1);
    table.set(a, route("x"), 5);
    assertEquals(1, table.size());

    table.set(a, route("x"), 0);

    assertEquals(Set.of(), matched("x"));
    assertEquals(0, a.routeCount());
  }

  @Test
  void set_noMembersOnAnUnknownRoute_changesNothing() {
    table.set(a, route("x"), 0);
    table.set(a, shared("g", "x"), 0);

    assertEquals(0, table.size());
    assertEquals(Set.of(), matched("x"));
  }

  @Test
  void clear_originGoes_itsRoutesGoAndThoseOfOthersStay() {
    table.set(a, route("x"), 1);
    table.set(a, shared("g", "x"), 1);
    table.set(b, route("x"), 1);
    table.set(b, shared("g", "x"), 1);

    table.clear(a);

    table.match("x", match);
    assertEquals(List.of(b), match.origins());
    assertEquals(List.of(shared("g", "x")), match.choicesOf(b));
    assertEquals(0, a.routeCount());
    table.clear(b);
    assertEquals(0, table.size());
  }

  @Test
  void match_shareGroup_originsTakeTurnsByTheirMembers() {
    table.set(a, shared("g", "x"), 2);
    table.set(b, shared("g", "x"), 1);

    Map<Origin, Integer> turns = turns(300);

    assertEquals(Map.of(a, 200, b, 100), turns);
  }

  @Test
  void match_shareGroupWhoseMembersChange_turnsFollowTheNewWeights() {
    table.set(a, shared("g", "x"), 1);
    table.set(b, shared("g", "x"), 1);
    turns(7);

    table.set(a, shared("g", "x"), 3);

    assertEquals(Map.of(a, 300, b, 100), turns(400));
  }

  @Test
  void match_shareGroupWithUnreachableOrigins_othersTakeTheirTurns() {
    table.set(a, shared("g", "x"), 5);
    table.set(b, shared("g", "x"), 1);
    table.set(c, shared("g", "x"), 1);
    a.reachable = false;

    assertEquals(Map.of(b, 50, c, 50), turns(100));

    a.reachable = true;
    assertEquals(Map.of(a, 500, b, 100, c, 100), turns(700));
  }

  @Test
  void match_shareGroupThatNobodyCanReach_stillGoesToSomebody() {
    table.set(a, shared("g", "x"), 1);
    table.set(b, shared("g", "x"), 1);
    a.reachable = false;
    b.reachable = false;

    assertEquals(Map.of(a, 5, b, 5), turns(10));
  }

  @Test
  void match_severalGroupsAndAnOrdinaryRoute_oneCopyWithAllChoices() {
    table.set(a, route("x"), 1);
    table.set(a, shared("g", "x"), 1);
    table.set(a, shared("h", "x"), 1);
    table.set(a, shared("g", "+"), 1);

    table.match("x", match);

    assertEquals(List.of(a), match.origins());
    assertEquals(
        Set.of(shared("g", "x"), shared("h", "x"), shared("g", "+")),
        new HashSet<>(match.choicesOf(a)));
  }

  @Test
  void match_groupServedByAnotherOrigin_noChoiceForThisOne() {
    table.set(a, route("x"), 1);
    table.set(b, shared("g", "x"), 1);

    table.match("x", match);

    assertEquals(List.of(), match.choicesOf(a));
    assertEquals(List.of(shared("g", "x")), match.choicesOf(b));
    table.match("y", match);
    assertEquals(List.of(), match.choicesOf(b), "nothing is left of the match before");
  }

  @Test
  void endSnapshot_someRoutesGoneSomeNew_replacesThemInOneStep() {
    table.set(a, route("old"), 1);
    table.set(a, route("stays"), 1);
    table.set(a, shared("g", "stays"), 1);
    table.beginSnapshot(a);
    table.update(a, route("stays"), 1, false);
    table.update(a, route("new"), 1, false);
    assertEquals(Set.of(a), matched("old"), "not complete yet: nothing has changed");
    assertEquals(Set.of(a), matched("stays"));
    assertEquals(Set.of(), matched("new"));

    table.update(a, shared("g", "new"), 2, false);
    table.endSnapshot(a);

    assertEquals(Set.of(), matched("old"));
    assertEquals(Set.of(a), matched("stays"));
    assertEquals(List.of(), match.choicesOf(a));
    assertEquals(Set.of(a), matched("new"));
    assertEquals(List.of(shared("g", "new")), match.choicesOf(a));
    assertEquals(3, a.routeCount());
  }

  @Test
  void update_noSnapshotBegun_setsAtOnce() {
    table.update(a, route("x"), 1, false);

    assertEquals(Set.of(a), matched("x"));
    table.endSnapshot(a);
    assertEquals(Set.of(a), matched("x"));
  }

  @Test
  void match_routeIsFull_saysSoUntilItIsNot() {
    table.update(a, route("x/+"), 1, true);
    table.update(b, route("x/y"), 1, false);
    assertEquals(Set.of(a, b), matched("x/y"), "those of QoS 0 still go there");
    assertTrue(match.isFull());
    matched("y");
    assertFalse(match.isFull());
    assertEquals(2, table.size());

    table.update(a, route("x/+"), 1, false);
    matched("x/y");
    assertFalse(match.isFull());

    table.update(a, route("x/+"), 1, true);
    table.clear(a);
    assertEquals(Set.of(b), matched("x/y"));
    assertFalse(match.isFull());
    assertEquals(1, table.size());
  }

  @Test
  void match_someOriginsOfAGroupAreFull_othersServeIt() {
    table.update(a, shared("g", "x"), 3, true);
    table.update(b, shared("g", "x"), 1, false);
    assertEquals(Map.of(b, 8), turns(8));
    assertFalse(match.isFull());

    table.update(b, shared("g", "x"), 1, true);
    assertEquals(Map.of(a, 6, b, 2), turns(8));
    assertTrue(match.isFull());
  }

  @Test
  void match_randomChanges_asANaiveTableWouldAnswer() {
    List<String> filters = List.of("x", "y", "+", "#", "x/y", "x/+", "+/y", "x/#", "+/+");
    List<String> topics = List.of("x", "y", "x/y", "x/z", "y/y", "z", "x/y/z");
    for (long seed = 1; seed <= 100; seed++) {
      Random random = new Random(seed);
      RouteTable tested = new RouteTable();
      List<TestOrigin> origins = List.of(new TestOrigin("1"), new TestOrigin("2"));
      Map<TestOrigin, Set<String>> naive = new HashMap<>();
      for (int step = 0; step < 60; step++) {
        TestOrigin origin = origins.get(random.nextInt(2));
        String filter = filters.get(random.nextInt(filters.size()));
        int members = random.nextInt(3);
        Set<String> its = naive.computeIfAbsent(origin, absent -> new HashSet<>());
        if (random.nextInt(20) == 0) {
          tested.clear(origin);
          its.clear();
        } else {
          tested.set(origin, route(filter), members);
          if (members > 0) {
            its.add(filter);
          } else {
            its.remove(filter);
          }
        }
        String topic = topics.get(random.nextInt(topics.size()));
        Set<Origin> expected = new HashSet<>();
        naive.forEach(
            (candidate, wanted) -> {
              if (wanted.stream().anyMatch(w -> io.vmqtt.model.TopicFilter.matches(w, topic))) {
                expected.add(candidate);
              }
            });
        Match result = new Match();
        tested.match(topic, result);
        assertEquals(expected.size(), result.origins().size(), "seed " + seed);
        assertEquals(expected, new HashSet<>(result.origins()), "seed " + seed);
      }
    }
  }

  /** How often each origin serves the one group of topic {@code x}. */
  private Map<Origin, Integer> turns(int messages) {
    Map<Origin, Integer> turns = new HashMap<>();
    for (int i = 0; i < messages; i++) {
      table.match("x", match);
      assertEquals(1, match.origins().size());
      Origin chosen = match.origins().getFirst();
      assertTrue(match.choicesOf(chosen).contains(shared("g", "x")));
      turns.merge(chosen, 1, Integer::sum);
    }
    return turns;
  }

  private Set<Origin> matched(String topic) {
    table.match(topic, match);
    List<Origin> found = new ArrayList<>(match.origins());
    Set<Origin> distinct = new HashSet<>(found);
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
