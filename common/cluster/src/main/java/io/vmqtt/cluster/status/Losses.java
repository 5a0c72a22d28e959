package io.vmqtt.cluster.status;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was lost, refused or broken since the last look: every counter {@code vmqtt.*} that has one
 * of these words in its name and has risen. Not for two threads at once.
 */
final class Losses {
  private static final Set<String> WORDS =
      Set.of("shed", "torn", "slow", "refused", "dropped", "failed", "breaks");

  private final MeterRegistry registry;
  private final Map<Meter.Id, Double> before = new HashMap<>();

  Losses(MeterRegistry registry) {
    this.registry = registry;
  }

  /** One line for each kind. */
  List<String> sinceLastLook() {
    List<String> lines = new ArrayList<>();
    for (Meter meter : registry.getMeters()) {
      Meter.Id id = meter.getId();
      if (isLoss(id.getName())) {
        double count = count(meter);
        double risen = count - before.getOrDefault(id, 0.0);
        before.put(id, count);
        if (risen > 0) {
          lines.add(line(id, risen));
        }
      }
    }
    Collections.sort(lines);
    return lines;
  }

  private static boolean isLoss(String name) {
    List<String> words = Arrays.asList(name.split("\\."));
    return words.getFirst().equals("vmqtt") && !Collections.disjoint(words, WORDS);
  }

  private static double count(Meter meter) {
    return meter.match(
        gauge -> 0.0,
        Counter::count,
        timer -> 0.0,
        summary -> 0.0,
        task -> 0.0,
        gauge -> 0.0,
        FunctionCounter::count,
        timer -> 0.0,
        other -> 0.0);
  }

  private static String line(Meter.Id id, double risen) {
    StringBuilder line = new StringBuilder(id.getName());
    id.getTags().forEach(tag -> line.append(' ').append(tag.getValue()));
    return line.append(": ")
        .append((long) risen)
        .append(" more (")
        .append(id.getDescription())
        .append(')')
        .toString();
  }
}
