package io.vmqtt.cluster.alarms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When an alarm begins, stays one, and is over. */
class AlarmsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Finding DISK =
      Finding.own(AlarmKind.DISK_LOW, "", Severity.WARNING, "little room");
  private static final Finding SHARD =
      Finding.own(AlarmKind.SHARD_WITHOUT_LEADER, "shard 3", Severity.CRITICAL, "nobody leads it");

  private final Alarms alarms = new Alarms();

  private List<AlarmEvent> look(long second, Finding... found) {
    return alarms.look(List.of(found), START.plusSeconds(second));
  }

  @Test
  void look_whatRaisesAtOnce_isRaisedOnce() {
    List<AlarmEvent> events = look(0, DISK);
    assertEquals(1, events.size());
    assertTrue(events.getFirst().isRaised());
    assertEquals("disk-low//", events.getFirst().alarm().id());
    assertEquals(List.of(), look(1, DISK));
    assertEquals(START, alarms.active().getFirst().since());
    assertEquals(1, alarms.active(AlarmKind.DISK_LOW));
  }

  @Test
  void look_whatHasToLast_isRaisedThenAndNotWithABreak() {
    assertEquals(List.of(), look(0, SHARD));
    assertEquals(List.of(), look(7, SHARD));
    assertEquals(List.of(), look(7));
    assertEquals(List.of(), look(8, SHARD));
    assertEquals(List.of(), alarms.active());
    assertEquals(1, look(16, SHARD).size());
    assertEquals(START.plusSeconds(16), alarms.active().getFirst().since());
  }

  @Test
  void look_comesAndGoes_staysOneAlarm() {
    look(0, DISK);
    assertEquals(List.of(), look(29));
    assertEquals(List.of(), look(30, DISK));
    assertEquals(List.of(), look(59));
    List<AlarmEvent> over = look(60);
    assertEquals(1, over.size());
    assertTrue(!over.getFirst().isRaised());
    assertEquals(START.plusSeconds(60), over.getFirst().alarm().cleared());
    assertEquals(List.of(), alarms.active());
    assertEquals(List.of(over.getFirst().alarm()), alarms.cleared());
  }

  @Test
  void look_findingThatOnlyKeeps_keepsAndRaisesNone() {
    assertEquals(List.of(), look(0, DISK.keeping()));
    assertEquals(List.of(), look(60, DISK.keeping()));
    look(61, DISK);
    assertEquals(List.of(), look(100, DISK.keeping()));
    assertEquals(List.of(), look(129, DISK.keeping()));
    assertEquals(1, alarms.active().size());
  }

  @Test
  void look_worse_toldAgainUnderTheSameId() {
    look(0, DISK);
    Finding worse = Finding.own(AlarmKind.DISK_LOW, "", Severity.CRITICAL, "none");
    List<AlarmEvent> events = look(10, worse);
    assertEquals(1, events.size());
    assertTrue(events.getFirst().isRaised());
    assertEquals(START, events.getFirst().alarm().since());
    assertEquals(List.of(), look(20, worse));
    assertEquals(List.of(), look(30, DISK), "better is no event");
    assertEquals(Severity.WARNING, alarms.active().getFirst().severity());
  }

  @Test
  void look_raisedByANode_hasItsTimeAndIsNotWaitedFor() {
    Finding told =
        AlarmReport.of(
                new Alarm(
                    AlarmKind.SHARD_WITHOUT_LEADER,
                    "",
                    "x",
                    Severity.CRITICAL,
                    "t",
                    START.minusSeconds(9),
                    null))
            .of("node-1");
    assertEquals(1, look(0, told).size());
    assertEquals(START.minusSeconds(9), alarms.active().getFirst().since());
    assertEquals("node-1", alarms.active().getFirst().node());
  }

  @Test
  void look_moreThanTheBound_leavesOutAndSaysSo() {
    List<Finding> many = new ArrayList<>();
    for (int i = 0; i < Alarms.MOST_ACTIVE + 7; i++) {
      many.add(Finding.own(AlarmKind.DISK_LOW, "disk " + i, Severity.WARNING, ""));
    }
    assertEquals(Alarms.MOST_ACTIVE, alarms.look(many, START).size());
    assertEquals(7, alarms.leftOut());
    assertEquals(Alarms.MOST_ACTIVE, alarms.active().size());
    alarms.look(List.of(), START.plusSeconds(100));
    alarms.look(many.reversed(), START.plusSeconds(101));
    alarms.look(List.of(), START.plusSeconds(300));
    assertEquals(Alarms.MOST_CLEARED, alarms.cleared().size(), "the latest of twice as many");
    assertEquals(START.plusSeconds(300), alarms.cleared().getFirst().cleared());
    assertEquals(START.plusSeconds(300), alarms.cleared().getLast().cleared());
    assertEquals(0, alarms.leftOut());
  }

  @Test
  void report_ofALaterVersion_isOfAnotherKindAndTheWorst() {
    Finding finding = new AlarmReport("mice", "a", "dreadful", "they are here", "soon").of("n");
    assertEquals(AlarmKind.OTHER, finding.kind());
    assertEquals(Severity.CRITICAL, finding.severity());
    assertEquals("they are here", finding.text());
  }
}
