package io.vmqtt.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.metrics.Metric;
import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.servers.PrometheusProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The alerts and boards of {@code deploy/compose/observability} are about metrics that there are.
 */
class ObservabilityTest {
  private static final Path FOLDER = Path.of("..", "compose", "observability");
  private static final Pattern NAME = Pattern.compile("\\b(vmqtt_[a-z_]+)");
  private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");

  /** As Prometheus has them, with the parts of histograms. */
  private static Set<String> names() {
    Set<String> names = new HashSet<>();
    for (Metric metric : MetricDocsTest.all()) {
      if (metric.kind() == Metric.Kind.HISTOGRAM) {
        for (String part : List.of("_bucket", "_sum", "_count", "_max")) {
          names.add(metric.exposedName() + part);
        }
      } else {
        names.add(metric.exposedName());
      }
    }
    return names;
  }

  private static Set<String> unknown(String text) {
    Set<String> unknown = find(NAME, text);
    unknown.removeAll(names());
    return unknown;
  }

  private static Set<String> find(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult result) -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String read(String file) throws IOException {
    return Files.readString(FOLDER.resolve(file));
  }

  @Test
  void alerts_everyMetric_isInACatalogue() throws IOException {
    assertEquals(Set.of(), unknown(read("alerts.yml")));
    assertEquals(Set.of(), unknown(read("alerts-test.yml")));
  }

  /** The table names the rule that watches a metric, and every rule about one is named. */
  @Test
  void alerts_andTheTable_nameEachOther() throws IOException {
    List<String> rules = Arrays.stream(read("alerts.yml").split("(?=- alert: )")).skip(1).toList();
    for (String rule : rules) {
      String alert = find(ALERT, rule).iterator().next();
      Set<String> watched = find(NAME, rule);
      for (Metric metric : MetricDocsTest.all()) {
        boolean isWatched =
            watched.stream()
                .anyMatch(
                    name ->
                        name.equals(metric.exposedName())
                            || name.equals(metric.exposedName() + "_bucket"));
        assertEquals(
            isWatched,
            alert.equals(metric.alert()),
            () -> metric.name() + " and the rule " + alert + " do not agree");
      }
    }
    Set<String> there = find(ALERT, read("alerts.yml"));
    for (Metric metric : MetricDocsTest.all()) {
      assertTrue(metric.alert() == null || there.contains(metric.alert()), metric::name);
    }
  }

  @Test
  void alerts_each_isTestedBothWays() throws IOException {
    String tests = read("alerts-test.yml");
    for (String alert : find(ALERT, read("alerts.yml"))) {
      assertTrue(tests.contains("- name: " + alert + " fires\n"), alert);
      assertTrue(tests.contains("- name: " + alert + " is silent\n"), alert);
    }
  }

  @Test
  void alerts_passPromtool() throws IOException {
    Assumptions.assumeTrue(
        PrometheusProcess.isInstalled(), "no promtool here: Debian's package is prometheus");
    promtool("check", "rules", "alerts.yml");
    promtool("test", "rules", "alerts-test.yml");
  }

  private static void promtool(String... words) throws IOException {
    List<String> command = Stream.concat(Stream.of("promtool"), Stream.of(words)).toList();
    Command.Ended ended = Command.await(new ProcessBuilder(command).directory(FOLDER.toFile()), "");
    assertEquals(0, ended.exitCode(), ended::output);
  }

  @ParameterizedTest
  @ValueSource(strings = {"overview", "clients", "durability", "links", "jvm"})
  void board_everyExpression_isAboutMetricsThatThereAre(String name) throws IOException {
    JsonNode board = new ObjectMapper().readTree(read("boards/" + name + ".json"));
    assertEquals("vmqtt-" + name, board.path("uid").asText());
    int expressions = 0;
    for (JsonNode panel : board.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        expressions++;
        assertEquals(Set.of(), unknown(target.path("expr").asText()), panel.path("title")::asText);
      }
    }
    assertTrue(expressions > 5, "the board shows nothing");
  }

  @Test
  void boards_all_areChecked() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER.resolve("boards"))) {
      assertEquals(5, files.count());
    }
  }

  @Test
  void discovery_asksForEveryRole() throws IOException {
    String services =
        read("prometheus.yml")
            .lines()
            .filter(line -> line.contains("services:"))
            .findFirst()
            .orElseGet(() -> fail("no services"));
    String listed =
        Objects.requireNonNull(services)
            .substring(services.indexOf('[') + 1, services.indexOf(']'));
    assertEquals(
        Arrays.stream(Role.values())
            .filter(role -> role != Role.STANDALONE)
            .map(Role::serviceName)
            .collect(Collectors.toSet()),
        Set.of(listed.split(", ")));
  }
}
