package io.vmqtt.cluster.inspection;

import io.vmqtt.cluster.option.Confidences;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.RuntimeMXBean;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** How the JVM of this process is doing. Asked from any thread; does not block. */
public final class JvmFacts {
  private static final Pattern CONFIDENTIAL =
      Pattern.compile("(?i)([^=]*(?:password|passwd|secret|token|key)[^=]*=).*");

  private JvmFacts() {}

  /** What changes, ready for JSON: bytes, milliseconds since the start, and counts since then. */
  public static Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    figures.put("heapUsedBytes", heap.getUsed());
    figures.put("heapCommittedBytes", heap.getCommitted());
    figures.put("heapMaxBytes", heap.getMax());
    long collections = 0;
    long millis = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      collections += Math.max(collector.getCollectionCount(), 0);
      millis += Math.max(collector.getCollectionTime(), 0);
    }
    figures.put("collections", collections);
    figures.put("collectionMillis", millis);
    figures.put("threads", ManagementFactory.getThreadMXBean().getThreadCount());
    figures.put("upMillis", ManagementFactory.getRuntimeMXBean().getUptime());
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    figures.put("processors", system.getAvailableProcessors());
    figures.put("systemLoad", system.getSystemLoadAverage());
    if (system instanceof com.sun.management.OperatingSystemMXBean hotSpot) {
      figures.put("processLoad", hotSpot.getProcessCpuLoad());
    }
    return figures;
  }

  /** All that there is to know of it. */
  public static Map<String, Object> all() {
    Map<String, Object> facts = new LinkedHashMap<>();
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    facts.put("java", System.getProperty("java.runtime.version"));
    facts.put("vm", runtime.getVmName() + ' ' + runtime.getVmVersion());
    facts.put(
        "system",
        System.getProperty("os.name")
            + ' '
            + System.getProperty("os.version")
            + ' '
            + System.getProperty("os.arch"));
    facts.put("arguments", arguments(runtime.getInputArguments()));
    facts.put("now", figures());
    Map<String, Object> pools = new TreeMap<>();
    ManagementFactory.getMemoryPoolMXBeans()
        .forEach(pool -> pools.put(pool.getName(), String.valueOf(pool.getUsage())));
    facts.put("pools", pools);
    Map<String, Object> collectors = new TreeMap<>();
    ManagementFactory.getGarbageCollectorMXBeans()
        .forEach(
            one ->
                collectors.put(
                    one.getName(),
                    Map.of("count", one.getCollectionCount(), "millis", one.getCollectionTime())));
    facts.put("collectors", collectors);
    return facts;
  }

  /** Without what is said behind names that sound like a secret's, or in an address. */
  static List<String> arguments(List<String> said) {
    return said.stream()
        .map(one -> CONFIDENTIAL.matcher(Confidences.hide(one)).replaceFirst("$1***"))
        .toList();
  }
}
