package io.vmqtt.gateway.link;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/**
 * The figures of a gateway, under the names and in the form that users of Mosquitto know. Not for
 * two threads at once.
 */
final class SystemFigures {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int[] MINUTES = {1, 5, 15};

  private final Map<String, DoubleSupplier> counters = new LinkedHashMap<>();
  private final Map<String, Load> loads = new LinkedHashMap<>();
  private final Map<String, DoubleSupplier> gauges = new LinkedHashMap<>();
  private final String version;
  private final long startNanos;
  private long lastNanos;
  private double maximumConnected;
  private DoubleSupplier connected = () -> 0;

  /** How much of a counter comes in a minute: averages in which the past fades. */
  private static final class Load {
    private final double[] perMinute = new double[MINUTES.length];
    private double before;

    void look(double count, double seconds) {
      double rate = (count - before) / seconds * 60;
      before = count;
      for (int i = 0; i < MINUTES.length; i++) {
        double kept = Math.exp(-seconds / (60.0 * MINUTES[i]));
        perMinute[i] = rate + kept * (perMinute[i] - rate);
      }
    }
  }

  /**
   * @param version of this program
   * @param nowNanos of a clock that only grows
   */
  SystemFigures(String version, long nowNanos) {
    this.version = version;
    this.startNanos = nowNanos;
    this.lastNanos = nowNanos;
  }

  /** Something that only grows: its topic, and its load under another. */
  SystemFigures counter(String topic, String load, DoubleSupplier count) {
    counters.put(topic, count);
    loads.put(load, new Load());
    return this;
  }

  /** Something that comes and goes. */
  SystemFigures gauge(String topic, DoubleSupplier value) {
    gauges.put(topic, value);
    return this;
  }

  /** How many clients are connected, of which the most is told, too. */
  SystemFigures connected(DoubleSupplier value) {
    connected = value;
    return this;
  }

  /** What is to be told now, by topic behind {@code $SYS/broker/}. */
  Map<String, String> look(long nowNanos) {
    double seconds = (nowNanos - lastNanos) / NANOS_PER_SECOND;
    Map<String, String> all = new TreeMap<>();
    all.put("version", "vmqtt version " + version);
    all.put("uptime", (long) ((nowNanos - startNanos) / NANOS_PER_SECOND) + " seconds");
    double now = connected.getAsDouble();
    maximumConnected = Math.max(maximumConnected, now);
    all.put("clients/connected", whole(now));
    all.put("clients/maximum", whole(maximumConnected));
    gauges.forEach((topic, value) -> all.put(topic, whole(value.getAsDouble())));
    var names = loads.entrySet().iterator();
    counters.forEach(
        (topic, count) -> {
          double sum = count.getAsDouble();
          all.put(topic, whole(sum));
          Map.Entry<String, Load> load = names.next();
          if (seconds > 0) {
            load.getValue().look(sum, seconds);
          }
          for (int i = 0; i < MINUTES.length; i++) {
            all.put(
                "load/" + load.getKey() + '/' + MINUTES[i] + "min",
                String.format(Locale.ROOT, "%.2f", load.getValue().perMinute[i]));
          }
        });
    lastNanos = nowNanos;
    return all;
  }

  private static String whole(double value) {
    return Long.toString((long) value);
  }
}
