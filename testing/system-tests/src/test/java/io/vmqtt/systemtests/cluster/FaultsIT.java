package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.faultydisk.DiskCall;
import io.vmqtt.faultydisk.DiskProblem;
import io.vmqtt.faultydisk.Luck;
import io.vmqtt.faultydisk.RecordedDisk;
import io.vmqtt.systemtests.Clients;
import io.vmqtt.testkit.machine.SmallDisk;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.net.VirtualNetwork;
import io.vmqtt.testkit.process.ClusterNode;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import io.vmqtt.testkit.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Faults at random, one after the other, while messages flow through a cluster with three replicas,
 * in three namespaces that know nothing of one another. Longer rounds: {@code mvnw verify -Pchaos
 * -Dminutes=60 -Dseed=7}.
 */
class FaultsIT {
  private static final Logger log = LoggerFactory.getLogger(FaultsIT.class);
  private static final int PAIRS = 6;
  private static final int SHORTEST_SPELL_MILLIS = 500;
  private static final int LONGEST_SPELL_MILLIS = 6_000;
  private static final long DISK_BYTES = 2L << 30;

  /** Far below what a store wants to have free, far above what it needs for the time of a fault. */
  private static final long LITTLE_ROOM_BYTES = 128L << 20;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Logs are cut, and files read again, often enough for the time of a test. */
  private static final String[] STORE_OPTIONS = {
    "--snapshot-entries", "1500", "--segment-bytes", "256k", "--scrub-rate", "64M"
  };

  private static final long SEED = Long.getLong("vmqtt.faults.seed", 1);
  private static final Duration LENGTH =
      Duration.ofMinutes(Long.getLong("vmqtt.faults.minutes", 1));

  private static final Map<String, RecordedDisk> disks = new HashMap<>();

  @TempDir static Path notes;

  @RegisterExtension
  static final ClusterProcesses cluster =
      ClusterProcesses.of(2, 3, 3)
          .withReplicas(3)
          .withNetwork()
          .withSmallDisk(DISK_BYTES)
          .withStoreOptions(STORE_OPTIONS)
          .withStoreEnvironment(
              store -> RecordedDisk.isPossible() ? disk(store).environment() : Map.of())
          .withNamespaces("one", "two");

  @RegisterExtension final Clients clients = new Clients();

  private final Random random = new Random(SEED);
  private final List<String> schedule = new ArrayList<>();
  private final List<Long> storeOutagesMillis = new ArrayList<>();

  /** A fault that is about to happen. */
  private record Blow(String details, Runnable strike) {
    Blow(Runnable strike) {
      this("", strike);
    }
  }

  @Test
  void randomFaults_underLoad_breakNoPromise() throws Exception {
    long end = System.nanoTime() + LENGTH.toNanos();
    List<Fault> faults = Fault.wanted(System.getProperty("vmqtt.faults.only", ""), cluster);
    try (Traffic traffic = new Traffic(cluster, clients, PAIRS)) {
      Bystanders bystanders = new Bystanders(cluster, clients, traffic);
      cluster.awaitReplicas();
      bystanders.round();
      while (System.nanoTime() < end) {
        Fault fault = oneOf(faults);
        ClusterNode victim = oneOf(victims(fault));
        Blow blow = blow(fault, victim, traffic, bystanders);
        schedule.add(fault + " " + victim.name() + blow.details());
        log.info("{}", schedule.getLast());
        traffic.history().note(schedule.getLast());
        blow.strike().run();
        log.info("every process is there again");
        traffic.history().note("every process is there again");
        traffic.awaitProgressOfAll();
        cluster.awaitReplicas();
        log.info("every replica is up to date");
        bystanders.round();
      }
      traffic.finish();
      int remaining = bystanders.remaining();
      bystanders.finish();
      log.info(
          "seed {}: {} faults, {} messages, {} refusals, {} returns, {} transient subscribers left; publishing"
              + " stood still for {} ms after stores were killed: {}",
          SEED,
          schedule.size(),
          traffic.acknowledgedCount(),
          traffic.refusals(),
          traffic.returns(),
          remaining,
          storeOutagesMillis,
          schedule);
    } catch (Exception | AssertionError e) {
      throw new AssertionError("seed " + SEED + ", faults " + schedule + ": " + e.getMessage(), e);
    }
  }

  private static List<ClusterNode> victims(Fault fault) {
    return cluster.all(fault.victims()).stream()
        .filter(node -> fault != Fault.FILL_DISK || node.disk().isPresent())
        .toList();
  }

  private <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private Blow blow(Fault fault, ClusterNode victim, Traffic traffic, Bystanders bystanders) {
    return switch (fault.way()) {
      case KILL -> new Blow(() -> kill(victim, traffic, () -> {}));
      case KILL_AND_LOSE_DISK -> new Blow(() -> kill(victim, traffic, () -> loseDisk(victim)));
      case POWER_OFF -> {
        Luck luck = Luck.some(random.nextLong());
        yield new Blow(() -> kill(victim, traffic, () -> powerOff(victim, luck)));
      }
      case POWER_OFF_ALL -> {
        Luck luck = Luck.some(random.nextLong());
        yield new Blow(() -> powerOffAll(luck));
      }
      case FAIL_SYNC -> new Blow(() -> failSync(victim, traffic));
      case DAMAGE -> {
        Random dice = new Random(random.nextLong());
        yield new Blow(() -> kill(victim, traffic, () -> damage(victim, fault, dice)));
      }
      case FILL_DISK -> {
        SmallDisk disk = victim.disk().orElseThrow();
        yield spell(
            fault, "", () -> disk.fill(LITTLE_ROOM_BYTES), disk::makeRoom, traffic, bystanders);
      }
      case RESTART -> new Blow(() -> restart(victim, traffic));
      case RESTART_ALL -> new Blow(() -> restartAll(traffic));
      case PAUSE -> {
        ServerProcess process = victim.process();
        yield spell(fault, "", process::pause, process::resume, traffic, bystanders);
      }
      case UNPLUG -> {
        VirtualNetwork.Host host = victim.host();
        yield spell(fault, "", host::unplug, host::plugIn, traffic, bystanders);
      }
      case CUT -> {
        List<ClusterNode> others = new ArrayList<>(cluster.all(fault.others()));
        others.remove(victim);
        ClusterNode other = oneOf(others);
        yield spell(
            fault,
            " from " + other.name(),
            () -> victim.host().cutFrom(other.host()),
            () -> victim.host().reconnectWith(other.host()),
            traffic,
            bystanders);
      }
    };
  }

  private void kill(ClusterNode victim, Traffic traffic, Runnable afterwards) {
    traffic.beginToListen();
    victim.process().kill();
    traffic.awaitProgressOfAll();
    if (victim.kind() == Kind.STORE) {
      storeOutagesMillis.add(traffic.longestSilence().toMillis());
    }
    afterwards.run();
    cluster.startAll();
  }

  private static RecordedDisk disk(ClusterNode store) {
    return disks.computeIfAbsent(
        store.name(), name -> new RecordedDisk(store.data(), notes.resolve(name)));
  }

  private static void loseDisk(ClusterNode store) {
    store.loseDisk();
    if (RecordedDisk.isPossible()) {
      disk(store).replaced();
    }
  }

  /** Of a process that has been killed: the rest of its machine goes, too, and starts anew. */
  private static void powerOff(ClusterNode store, Luck luck) {
    disk(store).powerOff(luck);
    Path boot = store.data().resolve("boot-id");
    try {
      if (Files.exists(boot)) {
        Files.writeString(boot, "that of an earlier start\n");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * It ends by itself, whatever it was that could not be saved, and says so; what it had written,
   * and the disk does not have, it has acknowledged to nobody.
   */
  private static void failSync(ClusterNode store, Traffic traffic) {
    int said = store.process().output().size();
    disk(store).fail(DiskCall.SYNC, DiskProblem.BROKEN, 1, "/log_inprogress");
    store.process().awaitExit(PATIENCE);
    List<String> lines = linesSince(store, said);
    assertTrue(
        lines.stream().anyMatch(line -> line.contains(" cannot be written: Input/output error")),
        () -> store.name() + " said " + lines);
    traffic.awaitProgressOfAll();
    powerOff(store, Luck.none());
    cluster.startAll();
  }

  /**
   * A store one of whose files is damaged says which, and is started with an empty folder then, as
   * the documentation has it. Some it can do without.
   */
  private static void damage(ClusterNode store, Fault harm, Random dice) {
    int said = store.process().output().size();
    DamagedFile damaged = DamagedFile.in(store.data(), harm, dice);
    log.info("{} of {}", harm, damaged.file());
    if (RecordedDisk.isPossible()) {
      disk(store).replaced();
    }
    store.start();
    await(damaged + " is found")
        .atMost(PATIENCE)
        .until(
            () ->
                !store.process().isRunning()
                    || !Files.exists(damaged.file())
                    || (damaged.mayBeDoneWithout() && HttpProbe.isOk(store.http(), "/health")));
    if (!store.process().isRunning()) {
      List<String> lines = linesSince(store, said);
      assertTrue(
          lines.stream().anyMatch(damaged::isNamedIn), () -> damaged + ", but it said " + lines);
      loseDisk(store);
    }
  }

  private static List<String> linesSince(ClusterNode store, int said) {
    List<String> lines = store.process().output();
    return lines.subList(said, lines.size());
  }

  private static void powerOffAll(Luck luck) {
    List<ClusterNode> stores = cluster.all(Kind.STORE);
    stores.forEach(store -> store.process().kill());
    stores.forEach(store -> powerOff(store, luck));
    cluster.startAll();
  }

  private static void restart(ClusterNode victim, Traffic traffic) {
    victim.process().stop();
    traffic.awaitProgressOfAll();
    cluster.startAll();
  }

  private static void restartAll(Traffic traffic) {
    for (Kind kind : List.of(Kind.STORE, Kind.ROUTER, Kind.GATEWAY)) {
      for (ClusterNode node : cluster.all(kind)) {
        restart(node, traffic);
        cluster.awaitReplicas();
      }
    }
  }

  /** A fault that passes by itself, after a time drawn now. */
  private Blow spell(
      Fault fault,
      String details,
      Runnable begin,
      Runnable end,
      Traffic traffic,
      Bystanders bystanders) {
    long millis = random.nextInt(SHORTEST_SPELL_MILLIS, LONGEST_SPELL_MILLIS);
    return new Blow(
        details + " " + millis + " ms",
        () -> {
          begin.run();
          try {
            if (fault.letsNewcomersIn()) {
              bystanders.round();
            }
            traffic.letPass(Duration.ofMillis(millis));
          } finally {
            end.run();
          }
          cluster.startAll();
        });
  }
}
