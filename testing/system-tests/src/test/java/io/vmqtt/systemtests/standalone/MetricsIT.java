package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.process.BrokerProcess;
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

  @Test
  void prometheus_everyMetric_hasHelp() {
    broker.process();
    String metrics = HttpProbe.get(broker.http(), "/prometheus");
    List<String> nameless = new ArrayList<>(names(TYPE, metrics));
    assertTrue(nameless.size() > 30, () -> "there are only " + nameless);

    nameless.removeAll(names(HELP, metrics));

    assertEquals(List.of(), nameless);
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
