package io.vmqtt.cluster.discovery;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddedDiscoveryTest {
  private final EmbeddedDiscovery discovery = new EmbeddedDiscovery();

  @AfterEach
  void close() {
    discovery.close();
  }

  @Test
  void watch_nobodyThere_toldTheEmptySet() {
    AtomicReference<Set<Node>> seen = new AtomicReference<>();
    try (Registration _ = discovery.watch(Role.ROUTING_SERVICE, seen::set)) {
      await().until(() -> Set.of().equals(seen.get()));
    }
  }

  @Test
  void watch_nodesComeAndGo_toldOfThoseOfTheRole() {
    AtomicReference<Set<Node>> seen = new AtomicReference<>(Set.of());
    Node a = node("a", Role.ROUTING_SERVICE);
    Node b = node("b", Role.ROUTING_SERVICE);
    discovery.watch(Role.ROUTING_SERVICE, seen::set);
    Registration registeredA = discovery.register(a);
    discovery.register(node("c", Role.SESSION_STORE));
    discovery.register(b);
    await().until(() -> seen.get().equals(Set.of(a, b)));

    registeredA.close();

    await().until(() -> seen.get().equals(Set.of(b)));
  }

  @Test
  void watch_closed_toldNoMore() {
    List<Set<Node>> first = new CopyOnWriteArrayList<>();
    List<Set<Node>> second = new CopyOnWriteArrayList<>();
    Registration watch = discovery.watch(Role.EDGE_GATEWAY, first::add);
    await().until(() -> first.size() == 1);
    watch.close();
    try (Registration _ = discovery.register(node("a", Role.EDGE_GATEWAY));
        Registration _ = discovery.watch(Role.EDGE_GATEWAY, second::add)) {
      await().until(() -> second.size() == 1);
    }
    assertEquals(1, first.size());
  }

  @Test
  void watch_listenerThrows_othersAndLaterCallsGoOn() {
    AtomicReference<Set<Node>> seen = new AtomicReference<>(Set.of());
    AtomicBoolean thrown = new AtomicBoolean();
    try (Registration _ =
            discovery.watch(
                Role.EDGE_GATEWAY,
                nodes -> {
                  if (thrown.compareAndSet(false, true)) {
                    throw new IllegalStateException("as the test wants it");
                  }
                  seen.set(nodes);
                });
        Registration _ = discovery.register(node("a", Role.EDGE_GATEWAY))) {
      await().until(thrown::get);
      try (Registration _ = discovery.register(node("b", Role.EDGE_GATEWAY))) {
        await().until(() -> seen.get().size() == 2);
      }
    }
  }

  @Test
  void watch_manyChangesAndListeners_neverConcurrentlyAndTheLastIsHeard() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicBoolean overlapped = new AtomicBoolean();
    Map<Integer, Set<Node>> seen = new ConcurrentHashMap<>();
    for (int i = 0; i < 4; i++) {
      int listener = i;
      discovery.watch(
          Role.EDGE_GATEWAY,
          nodes -> {
            if (inside.incrementAndGet() != 1) {
              overlapped.set(true);
            }
            seen.put(listener, nodes);
            inside.decrementAndGet();
          });
    }
    Set<Node> expected = ConcurrentHashMap.newKeySet();
    List<Thread> threads =
        List.of("a", "b", "c", "d").stream()
            .map(
                prefix ->
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              for (int i = 0; i < 100; i++) {
                                Node node = node(prefix + i, Role.EDGE_GATEWAY);
                                Registration registration = discovery.register(node);
                                if (i % 2 == 0) {
                                  registration.close();
                                } else {
                                  expected.add(node);
                                }
                              }
                            }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }

    await()
        .until(
            () ->
                seen.size() == 4
                    && seen.values().stream().allMatch(new HashSet<>(expected)::equals));
    assertTrue(!overlapped.get(), "two listeners ran at once");
  }

  @Test
  void register_sameIdTwice_refused() {
    Registration registration = discovery.register(node("a", Role.EDGE_GATEWAY));
    assertThrows(
        IllegalStateException.class, () -> discovery.register(node("a", Role.EDGE_GATEWAY)));

    registration.close();
    discovery.register(node("a", Role.EDGE_GATEWAY));
    registration.close();
    assertEquals(1, discovery.members().size(), "an old registration withdrew a new node");
  }

  @Test
  void update_whatANodeSays_isSeenUntilItWithdraws() {
    AtomicReference<Set<Node>> seen = new AtomicReference<>(Set.of());
    discovery.watch(Role.EDGE_GATEWAY, seen::set);
    Discovery.Announced announced = discovery.register(node("a", Role.EDGE_GATEWAY));
    Node other = node("a", Role.EDGE_GATEWAY, Map.of("mqtt-plant-port", "1884"));

    announced.update(other);
    await().until(() -> seen.get().equals(Set.of(other)));

    announced.close();
    announced.update(node("a", Role.EDGE_GATEWAY));
    assertEquals(0, discovery.members().size());
  }

  private static Node node(String id, Role role) {
    return node(id, role, Map.of());
  }

  private static Node node(String id, Role role, Map<String, String> meta) {
    return new Node(id, role, "localhost", 9090, 8080, "1", meta);
  }
}
