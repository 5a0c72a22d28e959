package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.MetricsPage;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.servers.PrometheusProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the metrics say of themselves to those who have not read the documentation. */
class MetricsIT {
  private static final Pattern TYPE = Pattern.compile("# TYPE (vmqtt_\\S+) .*");
  private static final Pattern HELP = Pattern.compile("# HELP (vmqtt_\\S+) .*\\S.*");

  @RegisterExtension static final BrokerProcess broker = BrokerProcess.standalone();
  @RegisterExtension final Clients clients = new Clients();

  @Test
  void prometheus_everyMetric_hasHelp() {
    List<String> nameless = new ArrayList<>(names(TYPE, metrics()));
    assertTrue(nameless.size() > 30, () -> "there are only " + nameless);

    nameless.removeAll(names(HELP, metrics()));

    assertEquals(List.of(), nameless);
  }

  /** Whoever watches a broker looks there for what a figure means. */
  @Test
  void prometheus_everyMetric_isInTheDocumentation() throws IOException {
    MetricsPage page = MetricsPage.read();

    assertEquals(
        List.of(),
        names(TYPE, metrics()).stream().filter(name -> !page.has(name)).sorted().toList());
  }

  /** Names and units are as Prometheus' own tool wants them. */
  @Test
  void prometheus_everyMetric_passesPromtool() throws IOException {
    assumeTrue(PrometheusProcess.isInstalled(), "promtool is not installed");
    String own =
        metrics()
            .lines()
            .filter(line -> line.contains("vmqtt_"))
            .collect(Collectors.joining("\n", "", "\n"));

    Command.Ended checked = Command.await(new ProcessBuilder("promtool", "check", "metrics"), own);

    assertEquals("", checked.output().strip());
    assertEquals(0, checked.exitCode());
  }

  /** Each hop of a message has been measured when it has come through. */
  @Test
  void latencies_ofAMessageAtQos1_areThere() {
    String topic = Names.topic();
    RecordingClient client = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    client.subscribe(topic, 1);
    client.publish(topic, "measured", 1);
    client.inbox().awaitPayload("measured");

    String metrics = metrics();
    for (String hop :
        List.of(
            "gateway_connect",
            "gateway_authentication",
            "gateway_publish_acknowledge",
            "gateway_publish_delivery",
            "store_commit",
            "store_sync",
            "link_round_trip")) {
      assertTrue(
          Pattern.compile("vmqtt_" + hop + "_seconds_bucket\\{.*le=\"10.0\".*\\} [1-9].*")
              .matcher(metrics)
              .find(),
          hop);
    }
  }

  private static String metrics() {
    broker.process();
    return HttpProbe.get(broker.http(), "/prometheus");
  }

  private static Set<String> names(Pattern line, String metrics) {
    return metrics
        .lines()
        .map(line::matcher)
        .filter(matcher -> matcher.matches())
        .map(matcher -> matcher.group(1))
        .collect(Collectors.toSet());
  }
}
