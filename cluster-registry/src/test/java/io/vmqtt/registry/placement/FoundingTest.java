package io.vmqtt.registry.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.placement.CarriedMap;
import io.vmqtt.cluster.placement.ShardMap;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FoundingTest {
  private static final ShardMap OLD = new ShardMap(1, 1, List.of(List.of("a"))).of("x");
  private static final ShardMap LATER = new ShardMap(2, 1, List.of(List.of("a"))).of("x");
  private static final ShardMap OTHER = new ShardMap(9, 1, List.of(List.of("b"))).of("y");

  private final Map<Node, CarriedMap> answers = new LinkedHashMap<>();
  private final Founding founding =
      new Founding(new PlacementPlan(4, 1, 2), false, () -> "made-up");
  private final Founding newCluster =
      new Founding(new PlacementPlan(4, 1, 1), true, () -> "made-up");

  @Test
  void next_nobodyRemembers_newClusterOnAllThatAreHere() {
    carries("a", null);
    carries("b", null);

    ShardMap map = written(founding);

    assertEquals(Set.of("a", "b"), map.stores());
    assertEquals("made-up", map.cluster());
  }

  @Test
  void next_nobodyRemembersAndTooFew_waits() {
    carries("a", null);

    assertInstanceOf(Founding.Step.AwaitStores.class, founding.next(answers.keySet(), answers));
  }

  @Test
  void next_oneHasNotAnswered_asksAgain() {
    carries("a", null);
    carries("b", null);
    Collection<Node> stores = List.copyOf(answers.keySet());
    answers.keySet().removeIf(node -> node.id().equals("b"));

    var step = assertInstanceOf(Founding.Step.AskAgain.class, founding.next(stores, answers));

    assertTrue(step.why().endsWith(": b"), step.why());
  }

  @Test
  void next_storesRemember_theLatestWhoeverIsHere() {
    carries("b", LATER);
    carries("c", OLD);
    carries("d", null);

    assertEquals(LATER, written(founding));
  }

  @Test
  void next_holdersOfTwoClusters_waits() {
    carries("a", OLD);
    carries("b", OTHER);

    var step =
        assertInstanceOf(Founding.Step.AwaitStores.class, founding.next(answers.keySet(), answers));

    assertTrue(step.why().contains("a of x, b of y"), step.why());
  }

  @Test
  void next_oneHoldsAndOthersOnlyRemember_theClusterOfTheOneThatHolds() {
    carries("b", OTHER);
    carries("c", LATER);

    assertEquals(OTHER, written(founding));
  }

  @Test
  void next_newClusterWanted_onlyWhereNobodyHoldsShards() {
    carries("b", OLD);
    assertEquals(Set.of("b"), written(newCluster).stores());
    assertEquals(OLD, written(founding));

    carries("a", OLD);
    assertEquals(OLD, written(newCluster), "a store with data is here");
  }

  private void carries(String id, @Nullable ShardMap map) {
    answers.put(
        new Node(id, Role.SESSION_STORE, "localhost", 1, 2, "1", Map.of()),
        new CarriedMap(id, map));
  }

  private ShardMap written(Founding by) {
    Map<Node, CarriedMap> all = new HashMap<>(answers);
    return assertInstanceOf(Founding.Step.Write.class, by.next(answers.keySet(), all)).map();
  }
}
