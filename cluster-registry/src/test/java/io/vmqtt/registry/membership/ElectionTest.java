package io.vmqtt.registry.membership;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.common.net.HostAndPort;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.testkit.consul.ConsulProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ElectionTest {
  /** Shorter than the life of a session: only a release can be the reason. */
  private static final Duration AT_ONCE = Duration.ofSeconds(8);

  private static final Duration RECOVERY = Duration.ofSeconds(30);

  private final ConsulProcess process = ConsulProcess.start();
  private final Consul consul = new Consul(HostAndPort.fromString(process.address()));
  private final List<Registry> registries = new ArrayList<>();

  @AfterEach
  void close() {
    registries.forEach(registry -> registry.election.close());
    consul.close();
    process.close();
  }

  /** One of several that stand for election. */
  private final class Registry implements Candidate {
    final AtomicInteger terms = new AtomicInteger();
    final AtomicInteger ends = new AtomicInteger();
    final String id;
    final Election election;

    Registry(String id) {
      this.id = id;
      this.election = new Election(consul, id, this);
      registries.add(this);
    }

    @Override
    public void elected() {
      terms.incrementAndGet();
    }

    @Override
    public void deposed() {
      ends.incrementAndGet();
    }
  }

  @Test
  void start_several_oneLeadsAndAllKnowWho() {
    startThree();

    Registry leader = awaitLeader(registries);

    assertEquals(1, leader.terms.get());
    assertEquals(1, registries.stream().filter(registry -> registry.election.isLeading()).count());
  }

  @Test
  void close_leaderStops_anotherLeadsAtOnce() {
    startThree();
    Registry first = awaitLeader(registries);

    first.election.close();

    assertFalse(first.election.isLeading());
    assertEquals(1, first.ends.get());
    List<Registry> others = registries.stream().filter(registry -> registry != first).toList();
    await().atMost(AT_ONCE).until(() -> leaderOf(others).isPresent());
    awaitLeader(others);
  }

  /** As when the leader's machine is gone for longer than its session lives. */
  @Test
  void sessionEnds_leaderStepsDownAndSomebodyLeads() {
    startThree();
    Registry first = awaitLeader(registries);
    String lock = process.get("/v1/kv/" + Election.LEADER_KEY);
    String session = lock.replaceAll("(?s).*\"Session\": *\"([^\"]+)\".*", "$1");

    process.put("/v1/session/destroy/" + session, "");

    await().atMost(RECOVERY).until(() -> first.ends.get() == 1);
    awaitLeader(registries);
  }

  @Test
  void consulForgets_somebodyLeadsAgainInANewTerm() {
    startThree();
    awaitLeader(registries);

    process.kill();
    process.startAgain();

    await()
        .atMost(RECOVERY)
        .until(() -> registries.stream().mapToInt(registry -> registry.terms.get()).sum() == 2);
    awaitLeader(registries);
  }

  @Test
  void consulStaysAway_leaderStepsDown() {
    startThree();
    Registry first = awaitLeader(registries);

    process.kill();

    await().atMost(RECOVERY).until(() -> first.ends.get() == 1);
    assertFalse(first.election.isLeading());
  }

  private void startThree() {
    for (String id : List.of("a", "b", "c")) {
      new Registry(id).election.start();
    }
  }

  private Registry awaitLeader(List<Registry> among) {
    await()
        .atMost(RECOVERY)
        .until(
            () -> {
              Optional<String> leader = leaderOf(among).map(registry -> registry.id);
              return leader.isPresent()
                  && among.stream().allMatch(registry -> registry.election.leader().equals(leader));
            });
    return leaderOf(among).orElseThrow();
  }

  private static Optional<Registry> leaderOf(List<Registry> among) {
    return among.stream().filter(registry -> registry.election.isLeading()).findFirst();
  }
}
