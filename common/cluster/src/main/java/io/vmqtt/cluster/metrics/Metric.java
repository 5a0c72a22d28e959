package io.vmqtt.cluster.metrics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a metric: in the answer to {@code /prometheus}, in {@code docs/metrics.md}, and
 * to those who export it elsewhere.
 *
 * @param name as Micrometer has it, with dots
 * @param labels of each of its series
 * @param meaning in words, without a full stop at its end
 * @param alert the rule that watches it, or null
 */
public record Metric(
    String name,
    Kind kind,
    Unit unit,
    List<MetricLabel> labels,
    String meaning,
    @Nullable String alert) {

  /** What can be done with its values. */
  public enum Kind {
    /** Only grows, from 0 at the start of the process. */
    COUNTER,
    /** Is what it is now. */
    GAUGE,
    /** Counts by how long it took. */
    HISTOGRAM
  }

  /** What its values are in. */
  public enum Unit {
    /** Things. */
    NONE(""),
    /** Bytes. */
    BYTES("bytes"),
    /** Seconds. */
    SECONDS("seconds");

    private final String word;

    Unit(String word) {
      this.word = word;
    }

    /** As Prometheus writes it; empty for things. */
    public String word() {
      return word;
    }
  }

  /** Copies the list. */
  public Metric {
    labels = List.copyOf(labels);
  }

  /** A counter of things. */
  public static Metric counter(String name, String meaning, MetricLabel... labels) {
    return new Metric(name, Kind.COUNTER, Unit.NONE, List.of(labels), meaning, null);
  }

  /** A number of things. */
  public static Metric gauge(String name, String meaning, MetricLabel... labels) {
    return new Metric(name, Kind.GAUGE, Unit.NONE, List.of(labels), meaning, null);
  }

  /** A {@link Latency}. */
  public static Metric latency(String name, String meaning, MetricLabel... labels) {
    return new Metric(name, Kind.HISTOGRAM, Unit.SECONDS, List.of(labels), meaning, null);
  }

  /** The same, in bytes. */
  public Metric inBytes() {
    return new Metric(name, kind, Unit.BYTES, labels, meaning, alert);
  }

  /** The same, in seconds. */
  public Metric inSeconds() {
    return new Metric(name, kind, Unit.SECONDS, labels, meaning, alert);
  }

  /** The same, watched by a rule of {@code deploy/compose/observability}. */
  public Metric watchedBy(String rule) {
    return new Metric(name, kind, unit, labels, meaning, rule);
  }

  /** Its name in Prometheus: with underscores, and its unit and kind at the end. */
  public String exposedName() {
    String exposed = name.replace('.', '_');
    if (unit != Unit.NONE && !exposed.endsWith('_' + unit.word())) {
      exposed += '_' + unit.word();
    }
    return kind == Kind.COUNTER ? exposed + "_total" : exposed;
  }
}
