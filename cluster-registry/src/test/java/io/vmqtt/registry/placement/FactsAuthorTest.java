package io.vmqtt.registry.placement;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vmqtt.cluster.discovery.EmbeddedDiscovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.Fact;
import io.vmqtt.cluster.placement.CarriedMap;
import io.vmqtt.cluster.placement.ShardMap;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FactsAuthorTest {
  private static final Map<String, String> NAMES = Map.of("a", "first", "b", "second");
  private static final Store SECOND_AGAIN = new Store("c", "second", 1);

  private static final ShardMap KNOWN = new ShardMap(4, 1, List.of(List.of("old-store")));

  private final EmbeddedDiscovery discovery = new EmbeddedDiscovery();
  private final ObservedFacts facts = new ObservedFacts();
  private final Map<String, ShardMap> carried = new ConcurrentHashMap<>();
  private final FactsAuthor author =
      new FactsAuthor(
          discovery, facts, new PlacementPlan(4, 1, 2), false, () -> "new", this::answers);

  @AfterEach
  void close() {
    author.close();
    discovery.close();
  }

  @Test
  void write_leadingAndEnoughStores_placesThemOnce() {
    author.start();
    author.elected();
    discovery.register(store("a"));
    discovery.register(store("b"));
    await().until(() -> !facts.proposals.isEmpty());

    discovery.register(store("c"));
    author.deposed();
    author.elected();
    await().until(() -> facts.proposals.size() == 2);

    ShardMap first = facts.proposals.getFirst();
    assertEquals(4, first.shardCount());
    assertEquals(first, facts.proposals.getLast(), "a later term changed the map");
  }

  @Test
  void write_notLeading_nothing() {
    author.start();
    discovery.register(store("a"));
    discovery.register(store("b"));
    author.elected();
    await().until(() -> !facts.proposals.isEmpty());

    assertEquals(1, facts.proposals.size());
  }

  @Test
  void write_mapKnownAlready_isOfferedAgainWithoutStores() {
    facts.inForce = KNOWN;
    author.start();
    author.elected();

    await().until(() -> facts.proposals.equals(List.of(KNOWN)));
  }

  @Test
  void write_consulAway_triesAgain() {
    facts.failures = 2;
    author.start();
    author.elected();
    discovery.register(store("a"));
    discovery.register(store("b"));

    await().until(() -> facts.proposals.size() == 3);
  }

  @Test
  void storesChanged_nameComesBackWithAnotherId_getsTheReplicas() {
    facts.inForce = new ShardMap("x", 1, 2, List.of(List.of("a", "b"), List.of("b", "a")), NAMES);
    author.start();
    author.elected();
    var _ = discovery.register(store("a", "first"));
    var _ = discovery.register(store("c", "second"));

    await()
        .until(
            () ->
                new ShardMap(
                        "x",
                        2,
                        2,
                        List.of(List.of("a", "c"), List.of("c", "a")),
                        Map.of("a", "first", "c", "second"))
                    .equals(facts.inForce));
  }

  /** It came back last, and the one that was there first had slept through a change of the map. */
  @Test
  void storesChanged_oneCarriesALaterMap_takesThePlaceOfTheRestored() {
    ShardMap old = new ShardMap("x", 1, 2, List.of(List.of("a", "b")), NAMES);
    ShardMap latest = old.replace("b", "c");
    carried.put("a", old);
    carried.put("c", latest);
    author.start();
    author.elected();
    var _ = discovery.register(store("a", "first"));
    await().until(() -> old.equals(facts.inForce));

    var _ = discovery.register(store("c", "second"));

    await().until(() -> latest.equals(facts.inForce));
  }

  /** It has the name of one that is away, and the data of another cluster. */
  @Test
  void storesChanged_oneOfAnotherCluster_replacesNobody() {
    ShardMap map = new ShardMap("x", 1, 2, List.of(List.of("a", "b")), NAMES);
    facts.inForce = map;
    carried.put("c", new ShardMap(7, 1, List.of(List.of("c"))).of("y"));
    author.start();
    author.elected();
    var _ = discovery.register(store("c", "second"));
    var _ = discovery.register(store("a", "first"));

    // What comes later is done after what this one was refused.
    var _ = discovery.register(store("d", "second"));

    await().until(() -> map.replace("b", "d").equals(facts.inForce));
  }

  @Test
  void storesChanged_theOneOfOldIsStillThere_keepsItsReplicas() {
    ShardMap map = new ShardMap("x", 1, 2, List.of(List.of("a", "b")), NAMES);

    assertNull(
        Replacement.find(
            map, List.of(new Store("a", "first", 1), new Store("b", "second", 1), SECOND_AGAIN)));
    assertNotNull(Replacement.find(map, List.of(new Store("a", "first", 1), SECOND_AGAIN)));
  }

  /** Its data is nowhere else: it may still come back. */
  @Test
  void storesChanged_onlyReplicaIsGone_staysInTheMap() {
    ShardMap map = new ShardMap("x", 1, 1, List.of(List.of("a"), List.of("b")), NAMES);
    facts.inForce = map;
    author.start();
    author.elected();
    var _ = discovery.register(store("c", "second"));
    var _ = discovery.register(store("a", "first"));
    await().until(() -> facts.proposals.equals(List.of(map)));

    assertEquals(map, facts.inForce);
  }

  private Map<Node, CarriedMap> answers(Collection<Node> stores) {
    Map<Node, CarriedMap> answers = new HashMap<>();
    stores.forEach(node -> answers.put(node, new CarriedMap(node.id(), carried.get(node.id()))));
    return answers;
  }

  private static Node store(String id) {
    return new Node(id, Role.SESSION_STORE, "localhost", 9093, 8093, "1", Map.of());
  }

  private static Node store(String id, String name) {
    return new Node(id, Role.SESSION_STORE, "localhost", 9093, 8093, "1", Map.of(Node.NAME, name));
  }

  /** A shard map that notes every proposal. */
  private static final class ObservedFacts implements Fact<ShardMap> {
    final List<ShardMap> proposals = new CopyOnWriteArrayList<>();
    private final List<Consumer<ShardMap>> listeners = new CopyOnWriteArrayList<>();
    @Nullable ShardMap inForce;
    int failures;

    @Override
    public synchronized Registration watch(Consumer<ShardMap> listener) {
      listeners.add(listener);
      if (inForce != null) {
        listener.accept(inForce);
      }
      return () -> listeners.remove(listener);
    }

    @Override
    public synchronized ShardMap create(ShardMap proposed) throws IOException {
      proposals.add(proposed);
      if (failures > 0) {
        failures--;
        throw new IOException("as the test wants it");
      }
      if (inForce == null) {
        inForce = proposed;
        listeners.forEach(listener -> listener.accept(proposed));
        return proposed;
      }
      return inForce;
    }

    @Override
    public synchronized boolean replace(ShardMap expected, ShardMap next) {
      if (!expected.equals(inForce)) {
        return false;
      }
      inForce = next;
      listeners.forEach(listener -> listener.accept(next));
      return true;
    }
  }
}
