package io.vmqtt.cluster.facts;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapFact;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class EmbeddedClusterFactsTest {
  private static final ShardMap FIRST = new ShardMap(1, 1, List.of(List.of("a")));
  private static final ShardMap SECOND = new ShardMap(1, 1, List.of(List.of("b")));

  @Test
  void create_twice_theFirstStands() {
    try (EmbeddedClusterFacts facts = new EmbeddedClusterFacts()) {
      assertEquals(FIRST, facts.of(ShardMapFact.SHARD_MAP).create(FIRST));
      assertEquals(FIRST, facts.of(ShardMapFact.SHARD_MAP).create(SECOND));
    }
  }

  @Test
  void watch_beforeAndAfterCreation_toldOnce() {
    List<ShardMap> early = new CopyOnWriteArrayList<>();
    List<ShardMap> late = new CopyOnWriteArrayList<>();
    try (EmbeddedClusterFacts facts = new EmbeddedClusterFacts();
        Registration _ = facts.of(ShardMapFact.SHARD_MAP).watch(early::add)) {
      facts.of(ShardMapFact.SHARD_MAP).create(FIRST);
      try (Registration _ = facts.of(ShardMapFact.SHARD_MAP).watch(late::add)) {
        await().until(() -> !early.isEmpty() && !late.isEmpty());
      }
    }
    assertEquals(List.of(FIRST), early);
    assertEquals(List.of(FIRST), late);
  }
}
