package io.vmqtt.cluster.facts;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.net.HostAndPort;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.cluster.placement.ShardMapJson;
import io.vmqtt.testkit.consul.ConsulProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsulClusterFactsTest {
  private static final String KEY_PATH =
      "/v1/kv/" + ConsulClusterFacts.keyOf(ShardMapFact.SHARD_MAP);

  private final ConsulProcess process = ConsulProcess.start();
  private Consul consul = new Consul(HostAndPort.fromString(process.address()));
  private ConsulClusterFacts facts = new ConsulClusterFacts(consul);

  @BeforeEach
  void connect() {
    consul = new Consul(HostAndPort.fromString(process.address()));
    facts = new ConsulClusterFacts(consul);
  }

  @AfterEach
  void stop() {
    facts.close();
    consul.close();
    process.close();
  }

  @Test
  void create_manyAtOnce_oneWinsAndAllHearOfIt() throws Exception {
    int racers = 16;
    CyclicBarrier start = new CyclicBarrier(racers);
    Set<ShardMap> answers = new HashSet<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<ShardMap>> race = new ArrayList<>();
      for (int i = 0; i < racers; i++) {
        ShardMap proposed = map(1, "store-" + i);
        race.add(
            () -> {
              start.await();
              return facts.of(ShardMapFact.SHARD_MAP).create(proposed);
            });
      }
      for (Future<ShardMap> answer : threads.invokeAll(race)) {
        answers.add(answer.get());
      }
    }

    assertEquals(1, answers.size(), answers::toString);
    ShardMap inForce = answers.iterator().next();
    assertEquals(inForce, ShardMapJson.read(process.get(KEY_PATH + "?raw")));
    assertEquals(inForce, facts.of(ShardMapFact.SHARD_MAP).create(map(1, "latecomer")));
  }

  @Test
  void watch_createdThenANewEpoch_toldBoth() throws IOException {
    List<ShardMap> heard = new CopyOnWriteArrayList<>();
    try (Registration _ = facts.of(ShardMapFact.SHARD_MAP).watch(heard::add)) {
      facts.of(ShardMapFact.SHARD_MAP).create(map(1, "a"));
      await().until(() -> heard.equals(List.of(map(1, "a"))));
      process.put(KEY_PATH, ShardMapJson.write(map(2, "b")));
      await().until(() -> heard.equals(List.of(map(1, "a"), map(2, "b"))));
    }
  }

  @Test
  void watch_lowerEpochOrNonsenseInConsul_lastKnownStands() throws IOException {
    List<ShardMap> heard = new CopyOnWriteArrayList<>();
    try (Registration _ = facts.of(ShardMapFact.SHARD_MAP).watch(heard::add)) {
      facts.of(ShardMapFact.SHARD_MAP).create(map(7, "a"));
      await().until(() -> heard.size() == 1);
      process.put(KEY_PATH, ShardMapJson.write(map(6, "b")));
      process.put(KEY_PATH, "nonsense");
      process.put(KEY_PATH, ShardMapJson.write(map(8, "c")));
      await().until(() -> heard.size() == 2);
    }
    assertEquals(List.of(map(7, "a"), map(8, "c")), heard);
  }

  @Test
  void watch_consulForgets_lastKnownStandsAndTheWatchGoesOn() throws IOException {
    List<ShardMap> heard = new CopyOnWriteArrayList<>();
    try (Registration _ = facts.of(ShardMapFact.SHARD_MAP).watch(heard::add)) {
      facts.of(ShardMapFact.SHARD_MAP).create(map(1, "a"));
      await().until(() -> heard.size() == 1);

      process.kill();
      assertThrows(IOException.class, () -> facts.of(ShardMapFact.SHARD_MAP).create(map(1, "b")));
      process.startAgain();

      assertTrue(process.get(KEY_PATH).isEmpty());
      facts.of(ShardMapFact.SHARD_MAP).create(map(2, "c"));
      await().until(() -> heard.equals(List.of(map(1, "a"), map(2, "c"))));
    }
  }

  private static ShardMap map(long epoch, String store) {
    return new ShardMap(epoch, 1, List.of(List.of(store), List.of(store)));
  }
}
