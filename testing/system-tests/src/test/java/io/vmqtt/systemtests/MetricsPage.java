package io.vmqtt.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names in the tables of {@code docs/metrics.md}, as Prometheus has them. */
public final class MetricsPage {
  private static final Path PAGE = Path.of("..", "..", "docs", "metrics.md");
  private static final Pattern ROW = Pattern.compile("\\| `(vmqtt_[a-z_]+)` \\| ([a-z]+) \\|.*");

  private final Set<String> names;

  private MetricsPage(Set<String> names) {
    this.names = names;
  }

  /** Reads the page. */
  public static MetricsPage read() throws IOException {
    Set<String> names = new HashSet<>();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        names.add(row.group(1));
        if (row.group(2).equals("histogram")) {
          for (String part : new String[] {"_bucket", "_sum", "_count", "_max"}) {
            names.add(row.group(1) + part);
          }
        }
      }
    }
    return new MetricsPage(names);
  }

  /** Whether a metric, or a part of a histogram, is there. */
  public boolean has(String name) {
    return names.contains(name);
  }
}
