package io.vmqtt.systemtests.cluster;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.testkit.process.ClusterNode;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Faults at random, one after the other, while messages flow through a cluster with three replicas.
 * Longer rounds: {@code -Dvmqtt.faults.seconds=600 -Dvmqtt.faults.seed=7}.
 */
class FaultsIT {
  private static final Logger log = LoggerFactory.getLogger(FaultsIT.class);
  private static final int PAIRS = 6;
  private static final int LONGEST_PAUSE_MILLIS = 6_000;
  private static final long SEED = Long.getLong("vmqtt.faults.seed", 1);
  private static final Duration LENGTH =
      Duration.ofSeconds(Long.getLong("vmqtt.faults.seconds", 60));

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
    KILL_GATEWAY(Kind.GATEWAY),
    PAUSE_GATEWAY(Kind.GATEWAY);

    private final Kind victims;

    Fault(Kind victims) {
      this.victims = victims;
    }

    boolean isPause() {
      return this == PAUSE_STORE || this == PAUSE_ROUTER || this == PAUSE_GATEWAY;
    }
  }

  @Test
  void randomFaults_underLoad_breakNoPromise() throws Exception {
    long end = System.nanoTime() + LENGTH.toNanos();
    try (Traffic traffic = new Traffic(cluster, clients, PAIRS)) {
      cluster.awaitReplicas();
      while (System.nanoTime() < end) {
        Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
        List<ClusterNode> victims = cluster.all(fault.victims);
        strike(fault, victims.get(random.nextInt(victims.size())), traffic);
      }
      traffic.finish();
      log.info(
          "seed {}: {} faults, {} messages, {} returns; publishing stood still for {} ms after"
              + " stores were killed: {}",
          SEED,
          schedule.size(),
          traffic.acknowledgedCount(),
          traffic.returns(),
          storeOutagesMillis,
          schedule);
    } catch (Exception | AssertionError e) {
      throw new AssertionError("seed " + SEED + ", faults " + schedule, e);
    }
  }

  private void strike(Fault fault, ClusterNode victim, Traffic traffic) throws Exception {
    long pauseMillis = fault.isPause() ? random.nextInt(500, LONGEST_PAUSE_MILLIS) : 0;
    schedule.add(fault + " " + victim.name() + (pauseMillis > 0 ? " " + pauseMillis + " ms" : ""));
    log.info("{}", schedule.getLast());
    if (fault.isPause()) {
      pause(victim, pauseMillis, traffic);
    } else {
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
    log.info("every process is there again");
    traffic.awaitProgressOfAll();
    cluster.awaitReplicas();
    log.info("every replica is up to date");
  }

  private static void pause(ClusterNode victim, long millis, Traffic traffic) {
    victim.process().pause();
    try {
      traffic.letPass(Duration.ofMillis(millis));
    } finally {
      victim.process().resume();
    }
    cluster.startAll();
  }
}
