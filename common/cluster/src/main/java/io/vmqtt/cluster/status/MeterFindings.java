package io.vmqtt.cluster.status;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.vmqtt.cluster.alarms.AlarmKind;
import io.vmqtt.cluster.alarms.Finding;
import io.vmqtt.cluster.alarms.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What metrics of this process say is wrong, whoever keeps them: certificates by the gauges {@code
 * vmqtt.*.certificate.seconds}, links by the counters {@code vmqtt.link.breaks}. Not for two
 * threads at once.
 */
final class MeterFindings {
  /** As the log warns, too. */
  private static final Duration EXPIRES_SOON = Duration.ofDays(30);

  private static final Duration EXPIRES_NOW = Duration.ofDays(2);
  private static final Duration WINDOW = Duration.ofSeconds(60);
  private static final int BREAKS = 5;
  private static final String CERTIFICATE = ".certificate.seconds";
  private static final String LINK_BREAKS = "vmqtt.link.breaks";

  private final MeterRegistry registry;
  private final Map<Meter.Id, Deque<Count>> counts = new HashMap<>();

  /** What a counter said. */
  private record Count(Instant when, double count) {}

  MeterFindings(MeterRegistry registry) {
    this.registry = registry;
  }

  /** What is wrong now. */
  List<Finding> look(Instant now) {
    List<Finding> found = new ArrayList<>();
    for (Meter meter : registry.getMeters()) {
      if (meter instanceof Gauge gauge && meter.getId().getName().endsWith(CERTIFICATE)) {
        certificate(gauge, found);
      } else if (meter instanceof FunctionCounter counter
          && meter.getId().getName().equals(LINK_BREAKS)) {
        breaks(counter, now, found);
      }
    }
    return found;
  }

  private static void certificate(Gauge gauge, List<Finding> found) {
    double seconds = gauge.value();
    // 0 is what a gauge says that nobody reads.
    if (Double.isNaN(seconds) || seconds == 0 || seconds > EXPIRES_SOON.toSeconds()) {
      return;
    }
    String name = gauge.getId().getName();
    String whose =
        name.substring("vmqtt.".length(), name.length() - CERTIFICATE.length()) + tags(gauge);
    long hours = (long) seconds / 3_600;
    found.add(
        Finding.own(
            AlarmKind.CERTIFICATE_EXPIRES,
            whose,
            seconds < EXPIRES_NOW.toSeconds() ? Severity.CRITICAL : Severity.WARNING,
            seconds <= 0
                ? "the certificate has expired"
                : "the certificate expires in "
                    + (hours >= 48 ? hours / 24 + " days" : hours + " h")));
  }

  private static String tags(Meter meter) {
    String tags =
        meter.getId().getTags().stream().map(Tag::getValue).collect(Collectors.joining(" "));
    return tags.isEmpty() ? "" : " " + tags;
  }

  private void breaks(FunctionCounter counter, Instant now, List<Finding> found) {
    Deque<Count> before = counts.computeIfAbsent(counter.getId(), id -> new ArrayDeque<>());
    double count = counter.count();
    before.addLast(new Count(now, count));
    while (before.getFirst().when().isBefore(now.minus(WINDOW))) {
      before.removeFirst();
    }
    int breaks = (int) (count - before.getFirst().count());
    if (breaks >= BREAKS) {
      found.add(
          Finding.own(
              AlarmKind.LINK_FLAPPING,
              tags(counter).strip(),
              Severity.WARNING,
              breaks + " links broke within " + WINDOW.toSeconds() + " s"));
    }
  }
}
