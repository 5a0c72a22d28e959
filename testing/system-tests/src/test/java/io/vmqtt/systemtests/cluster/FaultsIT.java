package io.vmqtt.systemtests.cluster;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.testkit.process.ClusterNode;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Faults at random, one after the other, while messages flow through a cluster with three replicas.
 * Longer rounds: {@code mvnw verify -Pchaos -Dminutes=60 -Dseed=7}.
 */
class FaultsIT {
  private static final Logger log = LoggerFactory.getLogger(FaultsIT.class);
  private static final int PAIRS = 6;
  private static final int LONGEST_PAUSE_MILLIS = 6_000;
  private static final long SEED = Long.getLong("vmqtt.faults.seed", 1);
  private static final Duration LENGTH =
      Duration.ofMinutes(Long.getLong("vmqtt.faults.minutes", 1));

  @RegisterExtension
  static final ClusterProcesses cluster = ClusterProcesses.of(2, 3, 3).withReplicas(3);

  @RegisterExtension final Clients clients = new Clients();

  private final Random random = new Random(SEED);
  private final List<String> schedule = new ArrayList<>();
  private final List<Long> storeOutagesMillis = new ArrayList<>();

  private enum Fault {
    KILL_STORE(Kind.STORE),
    LOSE_DISK(Kind.STORE),
    PAUSE_STORE(Kind.STORE),
    KILL_ROUTER(Kind.ROUTER),
    PAUSE_ROUTER(Kind.ROUTER),
    STOP_ROUTER(Kind.ROUTER),
    KILL_GATEWAY(Kind.GATEWAY),
    PAUSE_GATEWAY(Kind.GATEWAY),
    STOP_GATEWAY(Kind.GATEWAY),
    /** Every process, one after the other, beginning with the stores. */
    ROLLING_RESTART(Kind.STORE);

    private final Kind victims;

    Fault(Kind victims) {
      this.victims = victims;
    }

    /** Those that are asked for, or all. */
    static List<Fault> wanted() {
      String only = System.getProperty("vmqtt.faults.only", "");
      return only.isBlank()
          ? List.of(values())
          : Stream.of(only.split(",")).map(Fault::valueOf).toList();
    }

    boolean isPause() {
      return this == PAUSE_STORE || this == PAUSE_ROUTER || this == PAUSE_GATEWAY;
    }
  }

  @Test
  void randomFaults_underLoad_breakNoPromise() throws Exception {
    long end = System.nanoTime() + LENGTH.toNanos();
    List<Fault> faults = Fault.wanted();
    try (Traffic traffic = new Traffic(cluster, clients, PAIRS)) {
      Bystanders bystanders = new Bystanders(cluster, clients, traffic);
      cluster.awaitReplicas();
      bystanders.round();
      while (System.nanoTime() < end) {
        Fault fault = faults.get(random.nextInt(faults.size()));
        List<ClusterNode> victims = cluster.all(fault.victims);
        strike(fault, victims.get(random.nextInt(victims.size())), traffic, bystanders);
        bystanders.round();
      }
      traffic.finish();
      int remaining = bystanders.remaining();
      bystanders.finish();
      log.info(
          "seed {}: {} faults, {} messages, {} returns, {} transient subscribers left; publishing"
              + " stood still for {} ms after stores were killed: {}",
          SEED,
          schedule.size(),
          traffic.acknowledgedCount(),
          traffic.returns(),
          remaining,
          storeOutagesMillis,
          schedule);
    } catch (Exception | AssertionError e) {
      throw new AssertionError("seed " + SEED + ", faults " + schedule + ": " + e.getMessage(), e);
    }
  }

  private void strike(Fault fault, ClusterNode victim, Traffic traffic, Bystanders bystanders) {
    long pauseMillis = fault.isPause() ? random.nextInt(500, LONGEST_PAUSE_MILLIS) : 0;
    schedule.add(fault + " " + victim.name() + (pauseMillis > 0 ? " " + pauseMillis + " ms" : ""));
    log.info("{}", schedule.getLast());
    switch (fault) {
      case PAUSE_STORE, PAUSE_ROUTER, PAUSE_GATEWAY ->
          pause(victim, pauseMillis, traffic, bystanders);
      case KILL_STORE, LOSE_DISK, KILL_ROUTER, KILL_GATEWAY -> kill(fault, victim, traffic);
      case STOP_ROUTER, STOP_GATEWAY -> restart(victim, traffic);
      case ROLLING_RESTART -> {
        for (Kind kind : List.of(Kind.STORE, Kind.ROUTER, Kind.GATEWAY)) {
          for (ClusterNode node : cluster.all(kind)) {
            restart(node, traffic);
            cluster.awaitReplicas();
          }
        }
      }
    }
    log.info("every process is there again");
    traffic.awaitProgressOfAll();
    cluster.awaitReplicas();
    log.info("every replica is up to date");
  }

  private void kill(Fault fault, ClusterNode victim, Traffic traffic) {
    long began = System.nanoTime();
    victim.process().kill();
    traffic.awaitProgressOfAll();
    if (fault.victims == Kind.STORE) {
      storeOutagesMillis.add(Duration.ofNanos(System.nanoTime() - began).toMillis());
    }
    if (fault == Fault.LOSE_DISK) {
      victim.loseDisk();
    }
    cluster.startAll();
  }

  private static void restart(ClusterNode victim, Traffic traffic) {
    victim.process().stop();
    traffic.awaitProgressOfAll();
    cluster.startAll();
  }

  private static void pause(
      ClusterNode victim, long millis, Traffic traffic, Bystanders bystanders) {
    victim.process().pause();
    try {
      if (victim.kind() != Kind.GATEWAY) {
        bystanders.round();
      }
      traffic.letPass(Duration.ofMillis(millis));
    } finally {
      victim.process().resume();
    }
    cluster.startAll();
  }
}
