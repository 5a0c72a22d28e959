package io.vmqtt.registry.alarms;

import io.vmqtt.cluster.alarms.Alarm;
import io.vmqtt.cluster.alarms.AlarmKind;
import io.vmqtt.cluster.alarms.AlarmReport;
import io.vmqtt.cluster.alarms.Finding;
import io.vmqtt.cluster.alarms.Severity;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.registry.status.ClusterStatus;
import io.vmqtt.registry.status.ClusterStatus.NodeEntry;
import io.vmqtt.registry.status.ClusterStatus.ShardMapStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is wrong with a cluster, by its status, with what its nodes have raised themselves. */
final class ClusterFindings {
  static final Duration SKEWED = Duration.ofSeconds(2);
  private static final Duration LESS_SKEWED = Duration.ofSeconds(1);
  private static final String PASSING = "passing";

  /** What this finds; all other kinds are the nodes' to raise. */
  private static final Set<AlarmKind> OWN =
      EnumSet.of(
          AlarmKind.SHARD_WITHOUT_MAJORITY,
          AlarmKind.SHARD_WITHOUT_LEADER,
          AlarmKind.NODE_DOWN,
          AlarmKind.NODE_SILENT,
          AlarmKind.VERSION_SKEW,
          AlarmKind.CLOCK_SKEW);

  private final ClusterStatus status;
  private final List<Finding> found = new ArrayList<>();

  /** Whether this finds such alarms, and no node raises them. */
  static boolean isFoundHere(AlarmKind kind) {
    return OWN.contains(kind);
  }

  private ClusterFindings(ClusterStatus status) {
    this.status = status;
  }

  /**
   * All that is wrong.
   *
   * @param before when the status was asked for
   * @param after when it was there
   * @param active alarms that are active: those of a node that says nothing stay
   */
  static List<Finding> of(
      ClusterStatus status, Instant before, Instant after, Collection<Alarm> active) {
    ClusterFindings findings = new ClusterFindings(status);
    for (NodeEntry node : status.nodes()) {
      findings.node(node, active);
      findings.clock(node, before, after);
    }
    findings.versions();
    ShardMapStatus map = status.shardMap();
    if (map != null) {
      findings.shards(map);
    }
    return findings.found;
  }

  private void node(NodeEntry node, Collection<Alarm> active) {
    if (!node.health().equals(PASSING)) {
      found.add(down(node.id(), node.role() + " at " + node.host() + " fails its health check"));
      return;
    }
    List<AlarmReport> own = node.alarms();
    if (node.figures() == null) {
      found.add(
          Finding.of(
              AlarmKind.NODE_SILENT,
              node.id(),
              "",
              Severity.WARNING,
              node.role() + " at " + node.host() + " does not tell its figures"));
      active.stream()
          .filter(alarm -> alarm.node().equals(node.id()) && !OWN.contains(alarm.kind()))
          .map(ClusterFindings::kept)
          .forEach(found::add);
    } else if (own != null) {
      own.forEach(alarm -> found.add(alarm.of(node.id())));
    }
  }

  private static Finding kept(Alarm alarm) {
    return Finding.of(alarm.kind(), alarm.node(), alarm.about(), alarm.severity(), alarm.text())
        .keeping();
  }

  private static Finding down(String id, String text) {
    return Finding.of(AlarmKind.NODE_DOWN, id, "", Severity.CRITICAL, text);
  }

  /** A clock that is outside of the time that the question took is wrong by that much at least. */
  private void clock(NodeEntry node, Instant before, Instant after) {
    long clock = node.clock();
    if (clock == 0) {
      return;
    }
    long millis =
        Math.max(0, Math.max(clock - after.toEpochMilli(), before.toEpochMilli() - clock));
    if (millis > LESS_SKEWED.toMillis()) {
      Finding finding =
          Finding.of(
              AlarmKind.CLOCK_SKEW,
              node.id(),
              "",
              Severity.WARNING,
              "its clock is "
                  + millis
                  + " ms "
                  + (clock > after.toEpochMilli() ? "ahead of" : "behind")
                  + " that of the registry");
      found.add(millis > SKEWED.toMillis() ? finding : finding.keeping());
    }
  }

  private void versions() {
    Map<String, Integer> counts = new TreeMap<>();
    for (NodeEntry node : status.nodes()) {
      if (node.health().equals(PASSING)) {
        counts.merge(node.version(), 1, Integer::sum);
      }
    }
    if (counts.size() > 1) {
      String text =
          counts.entrySet().stream()
              .map(one -> one.getKey() + " (" + one.getValue() + ")")
              .collect(Collectors.joining(", "));
      found.add(
          Finding.of(
              AlarmKind.VERSION_SKEW,
              "",
              "",
              Severity.WARNING,
              "processes run different versions: " + text));
    }
  }

  private void shards(ShardMapStatus map) {
    Set<String> known = status.nodes().stream().map(NodeEntry::id).collect(Collectors.toSet());
    Set<String> stores = new HashSet<>();
    map.replicas().forEach(stores::addAll);
    for (String store : stores) {
      if (!known.contains(store)) {
        found.add(down(store, Role.SESSION_STORE.serviceName() + " with shards is not there"));
      }
    }
    Map<Integer, Integer> here = new HashMap<>();
    Set<Integer> led = new HashSet<>();
    for (NodeEntry node : status.nodes()) {
      if (node.health().equals(PASSING)) {
        replicas(node, map, here, led);
      }
    }
    for (int shard = 0; shard < map.shardCount(); shard++) {
      int all = map.replicas().get(shard).size();
      int count = here.getOrDefault(shard, 0);
      if (count < all / 2 + 1) {
        found.add(
            shard(
                AlarmKind.SHARD_WITHOUT_MAJORITY,
                shard,
                count + " of its " + all + " replicas are there"));
      } else if (!led.contains(shard)) {
        found.add(shard(AlarmKind.SHARD_WITHOUT_LEADER, shard, "no store leads it"));
      }
    }
  }

  private static void replicas(
      NodeEntry node, ShardMapStatus map, Map<Integer, Integer> here, Set<Integer> led) {
    Map<String, Object> figures = node.figures();
    if (figures == null || !(figures.get("shards") instanceof List<?> all)) {
      return;
    }
    for (Object one : all) {
      if (one instanceof Map<?, ?> figuresOfOne
          && figuresOfOne.get("shard") instanceof Number number
          && number.intValue() < map.shardCount()) {
        int shard = number.intValue();
        if (map.replicas().get(shard).contains(node.id())) {
          here.merge(shard, 1, Integer::sum);
        }
        if ("leader".equals(figuresOfOne.get("role"))) {
          led.add(shard);
        }
      }
    }
  }

  private static Finding shard(AlarmKind kind, int shard, String text) {
    return Finding.of(kind, "", "shard " + shard, Severity.CRITICAL, text);
  }
}
