package io.vmqtt.registry.alarms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.alarms.Alarm;
import io.vmqtt.cluster.alarms.AlarmKind;
import io.vmqtt.cluster.alarms.AlarmReport;
import io.vmqtt.cluster.alarms.Finding;
import io.vmqtt.cluster.alarms.Severity;
import io.vmqtt.registry.status.ClusterStatus;
import io.vmqtt.registry.status.ClusterStatus.NodeEntry;
import io.vmqtt.registry.status.ClusterStatus.ShardMapStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is found wrong in the status of a cluster with three stores and two shards. */
class ClusterFindingsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final long CLOCK = NOW.toEpochMilli();

  private static NodeEntry node(
      String role,
      String id,
      String health,
      String version,
      @Nullable Map<String, Object> figures,
      long clock,
      List<AlarmReport> alarms) {
    return new NodeEntry(
        role, id, health, "10.0.0.1", Map.of(), version, null, Map.of(), figures, alarms, clock);
  }

  private static NodeEntry store(String id, String roleOfBoth) {
    return node(
        "session-store",
        id,
        "passing",
        "1.0",
        Map.of(
            "shards",
            List.of(
                Map.of("shard", 0, "role", roleOfBoth), Map.of("shard", 1, "role", roleOfBoth))),
        CLOCK,
        List.of());
  }

  private static List<Finding> of(NodeEntry... nodes) {
    return of(List.of(nodes), List.of());
  }

  private static List<Finding> of(List<NodeEntry> nodes, List<Alarm> active) {
    List<String> replicas = List.of("s1", "s2", "s3");
    ClusterStatus status =
        new ClusterStatus(
            NOW.toString(),
            "r",
            "r",
            null,
            new ShardMapStatus("c", 1, 2, 3, List.of(replicas, replicas)),
            null,
            null,
            null,
            nodes);
    return ClusterFindings.of(status, NOW, NOW.plusMillis(500), active);
  }

  private static List<String> words(List<Finding> found) {
    List<String> words = new ArrayList<>();
    for (Finding finding : found) {
      words.add(finding.kind().label() + ' ' + (finding.node() + ' ' + finding.about()).strip());
    }
    return words.stream().map(String::strip).sorted().toList();
  }

  @Test
  void of_healthyCluster_nothing() {
    assertEquals(
        List.of(), of(store("s1", "leader"), store("s2", "replica"), store("s3", "replica")));
  }

  @Test
  void of_storesThatAreNotThere_shardsWithoutMajority() {
    assertEquals(
        List.of(
            "node-down s2",
            "node-down s3",
            "shard-without-majority shard 0",
            "shard-without-majority shard 1"),
        words(of(store("s1", "leader"))));
    assertEquals(List.of("node-down s3"), words(of(store("s1", "leader"), store("s2", "replica"))));
  }

  @Test
  void of_majorityWithoutALeader_shardsWithoutLeader() {
    assertEquals(
        List.of("shard-without-leader shard 0", "shard-without-leader shard 1"),
        words(of(store("s1", "replica"), store("s2", "replica"), store("s3", "replica"))));
  }

  @Test
  void of_nodeThatFailsItsCheck_isDown_andItsFiguresDoNotCount() {
    NodeEntry ill = node("edge-gateway", "g", "critical", "0.9", null, 0, List.of());
    assertEquals(
        List.of("node-down g"),
        words(of(store("s1", "leader"), store("s2", "replica"), store("s3", "replica"), ill)));
  }

  @Test
  void of_otherVersion_isSaidOnce() {
    NodeEntry other = node("edge-gateway", "g", "passing", "1.1", Map.of(), CLOCK, List.of());
    List<Finding> found =
        of(store("s1", "leader"), store("s2", "replica"), store("s3", "replica"), other);
    assertEquals(List.of("version-skew"), words(found));
    assertEquals("processes run different versions: 1.0 (3), 1.1 (1)", found.getFirst().text());
  }

  @Test
  void of_clocks_foundWhereTheAnswerCannotExplainIt() {
    assertFalse(isSkewed(CLOCK + 500));
    assertFalse(isSkewed(CLOCK + 1_500), "1 s");
    assertTrue(isSkewed(CLOCK + 2_501));
    assertTrue(isSkewed(CLOCK - 2_001));
    assertFalse(isSkewed(0), "it does not say");
    List<Finding> between = of(gatewayAt(CLOCK - 1_500), store("s1", "leader"));
    assertTrue(
        between.stream().anyMatch(one -> one.kind() == AlarmKind.CLOCK_SKEW && !one.raises()),
        between::toString);
  }

  private static NodeEntry gatewayAt(long clock) {
    return node("edge-gateway", "g", "passing", "1.0", Map.of(), clock, List.of());
  }

  private static boolean isSkewed(long clock) {
    return of(gatewayAt(clock)).stream()
        .anyMatch(one -> one.kind() == AlarmKind.CLOCK_SKEW && one.raises());
  }

  @Test
  void of_alarmsOfANode_areItsOwn_andStayWhileItIsSilent() {
    AlarmReport disk = new AlarmReport("disk-low", "", "critical", "none", "2025-12-31T00:00:00Z");
    List<Finding> told =
        of(node("session-store", "g", "passing", "1.0", Map.of(), CLOCK, List.of(disk)));
    assertTrue(words(told).contains("disk-low g"), told::toString);

    Alarm known = new Alarm(AlarmKind.DISK_LOW, "g", "", Severity.CRITICAL, "none", NOW, null);
    Alarm ofAnother = new Alarm(AlarmKind.DISK_LOW, "h", "", Severity.CRITICAL, "none", NOW, null);
    List<Finding> silent =
        of(
            List.of(node("session-store", "g", "passing", "1.0", null, 0, List.of())),
            List.of(known, ofAnother));
    assertTrue(words(silent).contains("node-silent g"), silent::toString);
    assertTrue(
        silent.stream()
            .anyMatch(one -> one.kind() == AlarmKind.DISK_LOW && one.node().equals("g")));
    assertFalse(silent.stream().anyMatch(one -> one.node().equals("h")));
  }
}
