package io.vmqtt.systemtests.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.process.ClusterNode;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Consul goes and comes back while messages flow: nobody notices. */
@Tag("slow")
class ConsulRestartIT {
  private static final int PAIRS = 4;
  private static final Duration ABSENCE = Duration.ofSeconds(2);

  /** Several times as long as processes take to look at Consul, and it at them. */
  private static final Duration AFTERMATH = Duration.ofSeconds(6);

  /** What a link or a connection that broke would cost is more. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(3);

  @RegisterExtension static final ClusterProcesses cluster = ClusterProcesses.of(2, 1, 2);
  @RegisterExtension final Clients clients = new Clients();

  @TempDir private Path memory;

  @Test
  void restart_withoutAndWithItsMemory_noLinkBreaksAndNobodyIsRefused() throws Exception {
    try (Traffic traffic = new Traffic(cluster, clients, PAIRS)) {
      cluster
          .consul()
          .keepIn(memory); // it is empty: the first time, Consul has forgotten everything
      restartConsul(traffic);
      restartConsul(traffic);
      traffic.finish();
    }
  }

  private void restartConsul(Traffic traffic) {
    Map<String, Double> breaks = linkBreaks();
    int returns = traffic.returns();
    traffic.beginToListen();

    cluster.consul().kill();
    newcomers();
    traffic.letPass(ABSENCE);
    cluster.consul().startAgain();
    long end = System.nanoTime() + AFTERMATH.toNanos();
    while (System.nanoTime() - end < 0) {
      newcomers();
    }
    Stream.of(Kind.values()).forEach(kind -> cluster.awaitPassing(kind, cluster.all(kind).size()));
    traffic.awaitProgressOfAll();

    assertEquals(breaks, linkBreaks(), "links that broke, by process");
    assertEquals(returns, traffic.returns(), "clients that lost their connection");
    assertTrue(
        traffic.longestSilence().compareTo(LONGEST_SILENCE) < 0,
        () -> "publishing stood still for " + traffic.longestSilence());
  }

  /** Clients that come now, one at each gateway, are served: a refusal fails the test. */
  private void newcomers() {
    for (Address gateway : cluster.gatewaysFrom(0)) {
      RecordingClient newcomer = clients.connect(ClientLibrary.HIVEMQ_5, gateway);
      String topic = Names.topic();
      newcomer.subscribe(topic, 1);
      newcomer.publish(topic, "heard", 1);
      newcomer.inbox().awaitPayload("heard");
      newcomer.disconnect();
    }
  }

  private static Map<String, Double> linkBreaks() {
    Map<String, Double> breaks = new TreeMap<>();
    for (Kind kind : Kind.values()) {
      for (ClusterNode node : cluster.all(kind)) {
        breaks.put(
            node.name(),
            HttpProbe.get(node.http(), "/prometheus")
                .lines()
                .filter(line -> line.startsWith("vmqtt_link_breaks_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf("} ") + 2)))
                .sum());
      }
    }
    return breaks;
  }
}
