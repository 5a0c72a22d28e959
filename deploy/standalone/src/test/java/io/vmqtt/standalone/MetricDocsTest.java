package io.vmqtt.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.metrics.Metric;
import io.vmqtt.cluster.metrics.MetricLabel;
import io.vmqtt.cluster.metrics.ProcessCatalogue;
import io.vmqtt.gateway.config.GatewayCatalogue;
import io.vmqtt.registry.config.RegistryCatalogue;
import io.vmqtt.router.config.RouterCatalogue;
import io.vmqtt.store.config.StoreCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What is written about metrics is what the catalogues say, and these have what the code registers.
 * With {@code -Dvmqtt.docs.write=true} the tables of {@code docs/metrics.md} are written anew.
 */
class MetricDocsTest {
  private static final Path PAGE = OptionDocsTest.DOCS.resolve("metrics.md");
  private static final Path ROOT = Path.of("..", "..");
  private static final String BEGIN = "<!-- metrics: ";
  private static final String LABELS = "<!-- labels -->";
  private static final String END = "<!-- end -->";
  private static final Pattern LITERAL = Pattern.compile("\"([a-z.]+)\"");

  private static Map<String, List<Metric>> tables() {
    Map<String, List<Metric>> tables = new LinkedHashMap<>();
    tables.put("process", new ProcessCatalogue().metrics());
    tables.put("gateway", new GatewayCatalogue().metrics());
    tables.put("router", new RouterCatalogue().metrics());
    tables.put("store", new StoreCatalogue().metrics());
    tables.put("registry", new RegistryCatalogue().metrics());
    return tables;
  }

  static List<Metric> all() {
    return tables().values().stream().flatMap(List::stream).toList();
  }

  @Test
  void page_tables_areTheCatalogues() throws IOException {
    List<String> written = Files.readAllLines(PAGE);
    List<String> lines = new ArrayList<>();
    Map<String, List<Metric>> missing = tables();
    boolean within = false;
    for (String line : written) {
      if (line.startsWith(BEGIN)) {
        String name = line.substring(BEGIN.length(), line.indexOf(" -->"));
        lines.add(line);
        lines.add("| name | type | unit | labels | meaning | alert |");
        lines.add("| --- | --- | --- | --- | --- | --- |");
        Objects.requireNonNull(missing.remove(name), name).forEach(one -> lines.add(row(one)));
        within = true;
      } else if (line.equals(LABELS)) {
        lines.add(line);
        lines.addAll(labels());
        within = true;
      } else if (line.equals(END)) {
        lines.add(line);
        within = false;
      } else if (!within) {
        lines.add(line);
      }
    }

    assertEquals(Set.of(), missing.keySet(), "tables that are missing in " + PAGE);
    OptionDocsTest.compare(PAGE, written, lines);
  }

  private static String row(Metric metric) {
    String unit = metric.unit().word();
    return Stream.of(
            code(metric.exposedName()),
            metric.kind().name().toLowerCase(Locale.ROOT),
            unit.isEmpty() ? "-" : unit,
            metric.labels().isEmpty()
                ? "-"
                : metric.labels().stream()
                    .map(label -> code(label.label()))
                    .collect(Collectors.joining(", ")),
            metric.meaning(),
            metric.alert() == null ? "-" : code(metric.alert()))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String code(String word) {
    return '`' + word + '`';
  }

  private static List<String> labels() {
    List<String> lines = new ArrayList<>(List.of("| label | of | values |", "| --- | --- | --- |"));
    for (MetricLabel label : MetricLabel.values()) {
      String users =
          all().stream()
              .filter(metric -> metric.labels().contains(label))
              .map(metric -> code(metric.exposedName()))
              .collect(Collectors.joining(", "));
      assertTrue(!users.isEmpty(), () -> "no metric has the label " + label);
      lines.add("| " + code(label.label()) + " | " + users + " | " + label.meaning() + " |");
    }
    return lines;
  }

  @Test
  void catalogues_noNameIsThereTwice() {
    List<String> names = all().stream().map(Metric::name).toList();
    assertEquals(names.size(), Set.copyOf(names).size());
  }

  /** What nobody registers is in no catalogue, in whatever way the process is configured. */
  @Test
  void catalogues_everyName_isInTheCode() throws IOException {
    Set<String> unregistered =
        all().stream().map(Metric::name).collect(Collectors.toCollection(TreeSet::new));
    try (Stream<Path> files = Files.walk(ROOT)) {
      List<Path> sources =
          files
              .filter(path -> path.toString().contains("src/main/java"))
              .filter(path -> path.toString().endsWith(".java"))
              .filter(path -> !path.toString().endsWith("Catalogue.java"))
              .toList();
      for (Path source : sources) {
        Set<String> literals = literals(Files.readString(source));
        unregistered.removeIf(name -> isMadeOf(name, literals));
      }
    }

    assertEquals(Set.of(), unregistered);
  }

  private static Set<String> literals(String source) {
    Set<String> literals = new HashSet<>();
    Matcher each = LITERAL.matcher(source);
    while (each.find()) {
      literals.add(each.group(1));
    }
    return literals;
  }

  /** It stands there as a whole, or what its beginning is put together with. */
  private static boolean isMadeOf(String name, Set<String> literals) {
    boolean whole = literals.contains(name);
    for (int dot = name.indexOf('.'); dot >= 0 && !whole; dot = name.indexOf('.', dot + 1)) {
      whole =
          literals.contains(name.substring(0, dot + 1))
              && literals.contains(name.substring(dot + 1));
    }
    return whole;
  }
}
