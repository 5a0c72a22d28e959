package io.vmqtt.cluster.placement;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.cluster.discovery.Registration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class EmbeddedClusterFactsTest {
  private static final ShardMap FIRST = new ShardMap(1, 1, List.of(List.of("a")));
  private static final ShardMap SECOND = new ShardMap(1, 1, List.of(List.of("b")));

  @Test
  void createShardMap_twice_theFirstStands() {
    try (EmbeddedClusterFacts facts = new EmbeddedClusterFacts()) {
      assertEquals(FIRST, facts.createShardMap(FIRST));
      assertEquals(FIRST, facts.createShardMap(SECOND));
    }
  }

  @Test
  void watchShardMap_beforeAndAfterCreation_toldOnce() {
    List<ShardMap> early = new CopyOnWriteArrayList<>();
    List<ShardMap> late = new CopyOnWriteArrayList<>();
    try (EmbeddedClusterFacts facts = new EmbeddedClusterFacts();
        Registration _ = facts.watchShardMap(early::add)) {
      facts.createShardMap(FIRST);
      try (Registration _ = facts.watchShardMap(late::add)) {
        await().until(() -> !early.isEmpty() && !late.isEmpty());
      }
    }
    assertEquals(List.of(FIRST), early);
    assertEquals(List.of(FIRST), late);
  }
}
