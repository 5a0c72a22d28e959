package io.vmqtt.systemtests.foreign;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.testkit.capture.QosTwoTrial;
import io.vmqtt.testkit.capture.QosTwoTrial.Side;
import io.vmqtt.testkit.capture.QosTwoTrial.Verdict;
import io.vmqtt.testkit.capture.RecordingRelay;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.process.ClusterNode;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * QoS 2 between clients that others wrote while gateways are killed again and again: whatever comes
 * twice, out of order or not at all is tried by the packets, which a relay writes down. Longer:
 * {@code mvnw verify -Pforeign -Drounds=20}; {@code target/qos-2-verdicts.txt} has the evidence.
 *
 * <p>Gateways allow no topic aliases, since Paho 1.2.5 uses those of the last connection on the
 * next: see docs/clients.md.
 */
class ForeignClientsIT {
  private static final Logger log = LoggerFactory.getLogger(ForeignClientsIT.class);
  private static final int ROUNDS = Integer.getInteger("vmqtt.foreign.rounds", 2);

  /** How many messages each subscriber must get before the next gateway is killed. */
  private static final int PROGRESS = Pair.WINDOW;

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path VERDICTS = Path.of("target", "qos-2-verdicts.txt");
  private static final Path CAPTURE = Path.of("target", "qos-2-capture.txt");

  @RegisterExtension
  static final ClusterProcesses cluster =
      ClusterProcesses.of(1, 1, 2).withGatewayOptions("--topic-alias-maximum", "0");

  @RegisterExtension final Clients clients = new Clients();

  @TempDir private Path folder;

  @Test
  void gatewaysKilledAgainAndAgain_brokerDoublesLosesAndMixesNothing() throws Exception {
    List<Pair> pairs = new ArrayList<>();
    try (RecordingRelay relay = new RecordingRelay(cluster.gatewaysFrom(0))) {
      for (ClientLibrary library : ClientLibrary.values()) {
        pairs.add(new LibraryPair(library, relay.address(), clients));
      }
      pairs.addAll(ProgramPair.all(relay.address(), folder));
      for (Pair pair : pairs) {
        await(pair.kind() + " has subscribed")
            .atMost(PATIENCE)
            .until(() -> pair.handedOver().isEmpty() && relay.hasSubscribed(pair.subscriber()));
        pair.begin();
      }
      awaitProgress(pairs, relay);
      for (int round = 0; round < ROUNDS; round++) {
        ClusterNode victim = cluster.all(Kind.GATEWAY).get(round % 2);
        victim.process().kill();
        awaitProgress(pairs, relay);
        victim.start();
        victim.awaitReady();
      }
      pairs.forEach(Pair::stopPublishing);
      judge(pairs, relay);
    } finally {
      pairs.forEach(Pair::close);
    }
    List<String> missing = ProgramPair.missing();
    assumeTrue(missing.isEmpty(), () -> "the others are right; not tried for want of " + missing);
  }

  private static void awaitProgress(List<Pair> pairs, RecordingRelay relay) {
    Map<Pair, Integer> goals = new HashMap<>();
    pairs.forEach(pair -> goals.put(pair, pair.handedOver().size() + PROGRESS));
    try {
      goals.forEach(
          (pair, goal) ->
              await(pair.kind() + " goes on")
                  .atMost(PATIENCE)
                  .until(() -> pair.handedOver().size() >= goal));
    } catch (RuntimeException e) {
      relay.writeTo(CAPTURE); // shows whose turn it is
      throw e;
    }
  }

  private static void judge(List<Pair> pairs, RecordingRelay relay) throws Exception {
    List<String> report = new ArrayList<>();
    List<Verdict> againstBroker = new ArrayList<>();
    for (Pair pair : pairs) {
      QosTwoTrial trial = awaitAll(pair, relay);
      List<Verdict> verdicts = trial.verdicts();
      assertTrue(trial.takenOver() >= PROGRESS, pair.kind() + " has published hardly anything");
      String summary =
          "%s: %d messages; doubled, lost or out of order: %s"
              .formatted(
                  pair.kind(),
                  trial.takenOver(),
                  verdicts.isEmpty() ? "none" : "by " + bySide(verdicts));
      log.info("{}", summary);
      report.add(summary);
      verdicts.forEach(verdict -> report.add("  " + verdict));
      verdicts.stream()
          .filter(verdict -> verdict.side() == Side.BROKER)
          .forEach(againstBroker::add);
    }
    Files.write(VERDICTS, report);
    assertEquals(List.of(), againstBroker);
  }

  private static Map<Side, Long> bySide(List<Verdict> verdicts) {
    return verdicts.stream()
        .collect(Collectors.groupingBy(Verdict::side, TreeMap::new, Collectors.counting()));
  }

  /** The trial when everything that was promised has arrived, or will not any more. */
  private static QosTwoTrial awaitAll(Pair pair, RecordingRelay relay) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    return await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> relay.trial(pair.publisher(), pair.subscriber(), pair.handedOver()),
            trial -> trial.isComplete() || System.nanoTime() - end > 0);
  }
}
