package io.vmqtt.store.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Delivery;
import io.vmqtt.model.Qos;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.Content;
import io.vmqtt.store.session.Decision;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.session.Session;
import io.vmqtt.store.session.SessionHeader;
import io.vmqtt.store.session.ShardRules;
import io.vmqtt.store.session.ShardState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Windows and pushes against a queue in memory. */
class DeliveriesTest {
  private static final long NOW = 1000;
  private static final Delivery EXACTLY_ONCE = Delivery.of(Qos.EXACTLY_ONCE, false);

  private record Text(String text) implements Content {}

  private record Push(
      long gateway, @Nullable Publication publication, List<Outlet.Target> targets) {}

  private static final class FakeOutlet implements Outlet {
    final List<Push> pushes = new ArrayList<>();
    boolean congested;

    @Override
    public boolean congested() {
      return congested;
    }

    @Override
    public void push(long gateway, @Nullable Publication publication, List<Target> targets) {
      pushes.add(new Push(gateway, publication, List.copyOf(targets)));
    }

    List<Long> sequences() {
      return pushes.stream()
          .flatMap(push -> push.targets().stream())
          .map(Target::sequence)
          .toList();
    }
  }

  private final ShardState state = new ShardState(1);
  private final Map<Long, TreeMap<Long, QueueReader.Entry>> disk = new HashMap<>();
  private final FakeOutlet outlet = new FakeOutlet();
  private final List<Long> expired = new ArrayList<>();
  private final DeliveryCounts counts = new DeliveryCounts();
  private int mostRead;
  private final List<Runnable> allotments = new ArrayList<>();
  private final Deliveries deliveries =
      new Deliveries(
          this::read,
          new Deliveries.QueueLog() {
            @Override
            public void expired(long session, long epoch, List<Long> sequences) {
              expired.addAll(sequences);
            }

            @Override
            public void allotPacketId(long session, long sequence) {
              allotments.add(() -> allot(session, sequence));
            }
          },
          counts);

  private void allot(long session, long sequence) {
    new ShardRules(1, state, new QueueLimits(10, 10, QueueLimits.Overflow.REJECT_NEW, 1))
        .decide(new Command.AllotPacketId(session, sequence), NOW)
        .changes()
        .forEach(change -> state.apply(change, body -> {}));
    deliveries.allotted(session);
  }

  private List<QueueReader.Entry> read(long session, long from, int limit, int maxBytes) {
    List<QueueReader.Entry> read = new ArrayList<>();
    int bytes = 0;
    for (QueueReader.Entry entry :
        disk.getOrDefault(session, new TreeMap<>()).tailMap(from, true).values()) {
      if (read.size() == limit || bytes >= maxBytes) {
        break;
      }
      read.add(entry);
      bytes += entry.publication() == null ? 0 : entry.publication().bytes();
    }
    mostRead = Math.max(mostRead, read.size());
    return read;
  }

  private Session session(long number, int receiveMaximum, long sentThrough) {
    SessionHeader header =
        new SessionHeader(
            number,
            "c" + number,
            1,
            true,
            7,
            number,
            false,
            60,
            receiveMaximum,
            null,
            sentThrough,
            0,
            0);
    state.apply(new Change.SessionSaved(header), body -> {});
    Session session = state.session(number);
    if (session == null) {
      throw new IllegalStateException();
    }
    return session;
  }

  private static Publication message(long expiresAtMillis) {
    return new Publication(
        "t", Qos.EXACTLY_ONCE, false, false, 0, expiresAtMillis, 10, new Text("x"));
  }

  private static Publication ofBytes(int bytes) {
    return new Publication("t", Qos.EXACTLY_ONCE, false, false, 0, 0, bytes, new Text("x"));
  }

  private Change.Queued queue(Session session, Publication publication) {
    Change.Queued entry =
        new Change.Queued(
            session.number(), session.lastSequence() + 1, 0, publication, EXACTLY_ONCE);
    state.apply(entry, body -> {});
    disk.computeIfAbsent(session.number(), number -> new TreeMap<>())
        .put(entry.sequence(), new QueueReader.Entry(entry.sequence(), publication, EXACTLY_ONCE));
    return entry;
  }

  private void publish(Session session) {
    deliveries.queued(queue(session, message(0)), NOW);
  }

  private void acknowledge(Session session, long sequence) {
    state.apply(new Change.Dequeued(session.number(), sequence), body -> {});
    disk.getOrDefault(session.number(), new TreeMap<>()).remove(sequence);
    deliveries.removed(session.number(), sequence);
  }

  private void runDry() {
    while (deliveries.run(NOW)) {
      // until nothing is left to push
    }
  }

  @Test
  void queued_windowOpen_pushedWithoutReading() {
    Session session = session(1, 10, 0);
    deliveries.open(session, outlet);
    publish(session);
    publish(session);
    runDry();
    assertEquals(List.of(1L, 2L), outlet.sequences());
    assertEquals(0, counts.readFromDisk());
  }

  @Test
  void queued_attachedElsewhereLaterInTheSameEntry_goesToTheConnectionOfThen() {
    Session session = session(1, 10, 0);
    deliveries.open(session, outlet);
    runDry();
    Change.Queued entry = queue(session, message(0));
    SessionHeader newer =
        new SessionHeader(1, "c1", 2, true, 8, 2, true, 60, 10, null, entry.sequence(), 0, 0);
    state.apply(new Change.SessionSaved(newer), body -> {});

    deliveries.queued(entry, NOW);
    deliveries.close(1);
    deliveries.open(session, outlet);
    runDry();

    assertEquals(List.of(7L, 8L), outlet.pushes.stream().map(Push::gateway).toList());
    assertEquals(
        List.of(1L, 2L),
        outlet.pushes.stream().map(push -> push.targets().getFirst().connection()).toList());
    assertEquals(
        List.of(false, true),
        outlet.pushes.stream().map(push -> push.targets().getFirst().dup()).toList());
  }

  @Test
  void queued_readFromDiskBeforeItIsTold_pushedOnce() {
    Session session = session(1, 10, 0);
    Change.Queued first = queue(session, message(0));
    Change.Queued second = queue(session, message(0));
    Change.Queued third = queue(session, message(0));
    outlet.congested = true;
    deliveries.open(session, outlet);
    runDry();
    outlet.congested = false;

    deliveries.queued(first, NOW);
    deliveries.queued(second, NOW);
    deliveries.queued(third, NOW);
    runDry();

    assertEquals(List.of(1L, 2L, 3L), outlet.sequences());
  }

  @Test
  void queued_windowFull_waitsForAcknowledgement() {
    Session session = session(1, 2, 0);
    deliveries.open(session, outlet);
    for (int i = 0; i < 500; i++) {
      publish(session);
    }
    runDry();
    assertEquals(List.of(1L, 2L), outlet.sequences());
    for (long sequence = 1; sequence <= 500; sequence++) {
      acknowledge(session, sequence);
      runDry();
      assertEquals(Math.min(500, sequence + 2), outlet.sequences().getLast());
    }
    assertEquals(500, outlet.sequences().size());
    assertTrue(counts.readFromDisk() > 0, "not all of it fits in memory");
  }

  @Test
  void open_queueOnDisk_dupOnlyUpToTheMark() {
    Session session = session(1, 100, 2);
    for (int i = 0; i < 4; i++) {
      queue(session, message(0));
    }
    deliveries.open(session, outlet);
    runDry();
    assertEquals(
        List.of(true, true, false, false),
        outlet.pushes.stream().map(push -> push.targets().getFirst().dup()).toList());
  }

  /** What waits in memory is bounded in bytes: 64 large messages would be a lot. */
  @Test
  void open_largeMessagesOnDisk_readAsTheirTurnComes() {
    Session session = session(1, 1, 0);
    Publication large =
        new Publication("t", Qos.AT_LEAST_ONCE, false, false, 0, 0, 200 << 10, new Text("x"));
    for (int i = 0; i < 10; i++) {
      queue(session, large);
    }
    deliveries.open(session, outlet);
    runDry();
    assertEquals(2, counts.readFromDisk());
    for (long sequence = 1; sequence <= 10; sequence++) {
      acknowledge(session, sequence);
      runDry();
    }
    assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L), outlet.sequences());
    assertEquals(10, counts.readFromDisk());
    publish(session);
    runDry();
    assertEquals(10, counts.readFromDisk(), "the newest is in memory");
  }

  @Test
  void open_receivedThrough_pushesOnlyWhatIsBehindIt() {
    Session session = session(1, 3, 0);
    for (int i = 0; i < 5; i++) {
      queue(session, message(0));
    }
    deliveries.resume(session, outlet, 2, 1);
    runDry();
    assertEquals(List.of(3L), outlet.sequences(), "two of three places are taken");
    acknowledge(session, 1);
    runDry();
    assertEquals(List.of(3L, 4L), outlet.sequences());
  }

  @Test
  void open_receivedEntry_release() {
    Session session = session(1, 3, 5);
    queue(session, message(0));
    disk.getOrDefault(1L, new TreeMap<>()).put(1L, new QueueReader.Entry(1, null, EXACTLY_ONCE));
    state.apply(new Change.Received(1, 1), body -> {});
    deliveries.open(session, outlet);
    runDry();
    Outlet.Target target = outlet.pushes.getFirst().targets().getFirst();
    assertTrue(target.release());
    assertFalse(target.dup());
  }

  @Test
  void queued_outletCongested_pushedWhenWritable() {
    Session session = session(1, 10, 0);
    deliveries.open(session, outlet);
    outlet.congested = true;
    publish(session);
    runDry();
    assertEquals(List.of(), outlet.sequences());
    outlet.congested = false;
    deliveries.writable(outlet);
    runDry();
    assertEquals(List.of(1L), outlet.sequences());
  }

  @Test
  void queued_expiredWhileWaiting_skippedAndReported() {
    Session session = session(1, 1, 0);
    deliveries.open(session, outlet);
    publish(session);
    runDry();
    deliveries.queued(queue(session, message(NOW)), NOW - 1);
    publish(session);
    acknowledge(session, 1);
    runDry();
    assertEquals(List.of(1L, 3L), outlet.sequences());
    assertEquals(List.of(2L), expired);
    acknowledge(session, 2);
    publish(session);
    runDry();
    assertEquals(List.of(1L, 3L), outlet.sequences(), "an expired entry takes no place");
  }

  /** [MQTT-4.4.0-1], [MQTT-3.3.2-5]. */
  @Test
  void open_expiredSinceItBegan_pushedAgain() {
    Session session = session(1, 10, 2);
    for (int i = 0; i < 4; i++) {
      queue(session, message(NOW));
    }
    deliveries.open(session, outlet);
    runDry();
    assertEquals(List.of(1L, 2L), outlet.sequences());
    assertEquals(List.of(3L, 4L), expired, "these have not begun");
  }

  /** A push of before, perhaps another leader's, may arrive yet, and be sent. */
  @Test
  void resume_expiredSinceItMayHaveBeenPushed_leftToTheGateway() {
    Session session = session(1, 10, 0);
    queue(session, message(NOW));
    queue(session, message(NOW));
    deliveries.resume(session, outlet, 1, 1);
    runDry();
    assertEquals(List.of(2L), outlet.sequences());
    assertFalse(outlet.pushes.getFirst().targets().getFirst().dup());
    assertEquals(List.of(), expired);

    deliveries.queued(queue(session, message(NOW)), NOW);
    runDry();
    assertEquals(List.of(3L), expired, "it came after the resumption");
  }

  /** The path on which the connection was pushed to before may still lead there. */
  @Test
  void openAgain_expiredSinceItMayHaveBeenPushed_leftToTheGateway() {
    Session session = session(1, 10, 0);
    deliveries.open(session, outlet);
    runDry();
    deliveries.queued(queue(session, message(NOW)), NOW - 1);
    runDry();
    assertEquals(List.of(1L), outlet.sequences());
    deliveries.outletDown(outlet);
    FakeOutlet other = new FakeOutlet();
    deliveries.openAgain(session, other);
    runDry();
    assertEquals(List.of(1L), other.sequences());
    assertFalse(other.pushes.getFirst().targets().getFirst().dup());
    assertEquals(List.of(), expired);
  }

  /** So that it is known how far the deliveries can have come. */
  @Test
  void open_manyExpired_passedOverAsTheyLeaveTheQueue() {
    Session session = session(1, 10, 0);
    for (int i = 0; i < 2 * Session.MAX_PASSED_OVER; i++) {
      queue(session, message(NOW));
    }
    queue(session, message(0));
    deliveries.open(session, outlet);
    runDry();
    assertEquals(Session.MAX_PASSED_OVER, expired.size());
    assertTrue(expired.getLast() <= session.begunThrough());

    for (int i = 0; i < expired.size(); i++) {
      acknowledge(session, expired.get(i));
      runDry();
    }
    assertEquals(List.of(2L * Session.MAX_PASSED_OVER + 1), outlet.sequences());
  }

  @Test
  void queued_oneMessageForSeveralSessions_onePush() {
    Publication shared = message(0);
    for (long number = 1; number <= 3; number++) {
      Session session = session(number, 10, 0);
      deliveries.open(session, outlet);
    }
    deliveries.run(NOW);
    for (long number = 1; number <= 3; number++) {
      Session session = state.session(number);
      if (session != null) {
        deliveries.queued(queue(session, shared), NOW);
      }
    }
    runDry();
    assertEquals(1, outlet.pushes.size());
    assertEquals(3, outlet.pushes.getFirst().targets().size());
  }

  /** What is under way is in the memory of a gateway. */
  @Test
  void queued_largeMessages_windowOfAMegabyte() {
    Session session = session(1, 100, 0);
    deliveries.open(session, outlet);
    for (int i = 0; i < 5; i++) {
      deliveries.queued(queue(session, ofBytes(600 << 10)), NOW);
    }
    runDry();
    assertEquals(List.of(1L, 2L), outlet.sequences());

    acknowledge(session, 1);
    runDry();
    assertEquals(List.of(1L, 2L, 3L), outlet.sequences());
    acknowledge(session, 2);
    acknowledge(session, 3);
    runDry();
    assertEquals(List.of(1L, 2L, 3L, 4L, 5L), outlet.sequences());
    assertEquals(1, mostRead, "what is too large waits on disk, and is read when its turn comes");
  }

  @Test
  void open_largeMessagesOnDisk_readWithinABoundOfBytes() {
    Session session = session(1, 100, 0);
    for (int i = 0; i < 10; i++) {
      queue(session, ofBytes(100 << 10));
    }

    deliveries.open(session, outlet);
    runDry();
    for (long sequence = 1; sequence <= 10; sequence++) {
      acknowledge(session, sequence);
      runDry();
    }

    assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L), outlet.sequences());
    assertEquals(3, mostRead);
  }

  /** With the session's rules in the place of the log, at once or later, or never. */
  @Test
  void queued_someNeverAcknowledged_othersGoOnThroughAllPacketIds() {
    Session session = session(1, 100, 0);
    Map<Integer, Long> atClient = new HashMap<>();
    deliveries.open(session, outlet);
    for (long sequence = 1; sequence <= 200_000; sequence++) {
      publish(session);
      runDry();
      if (!allotments.isEmpty()) {
        allotments.removeFirst().run();
        runDry();
      }
      Outlet.Target target = outlet.pushes.removeLast().targets().getFirst();
      assertEquals(sequence, target.sequence());
      assertEquals(null, atClient.put(target.packetId(), sequence));
      if (sequence % 7_000 != 0) {
        atClient.remove(target.packetId());
        acknowledge(session, sequence);
      }
    }
    assertEquals(28, atClient.size());

    deliveries.close(1);
    deliveries.open(session, outlet);
    runDry();
    for (Push push : outlet.pushes) {
      Outlet.Target target = push.targets().getFirst();
      assertEquals(target.sequence(), atClient.get(target.packetId()), "an id of its own, again");
    }
    assertEquals(28, outlet.pushes.size());
  }

  @Test
  void queued_packetIdInUse_waitsForAnotherAndKeepsIt() {
    Session session = session(1, 10, 0);
    deliveries.open(session, outlet);
    publish(session);
    for (long sequence = 2; sequence <= 65_535; sequence++) {
      publish(session);
      acknowledge(session, sequence);
    }
    runDry();
    outlet.pushes.clear();
    publish(session);
    publish(session);
    runDry();
    assertEquals(List.of(), outlet.sequences(), "65,536 would have the id of 1");
    assertEquals(1, allotments.size());

    allotments.getFirst().run();
    runDry();
    assertEquals(List.of(65_536L, 65_537L), outlet.sequences());
    acknowledge(session, 1);
    deliveries.close(1);
    deliveries.open(session, outlet);
    runDry();
    assertEquals(
        List.of(1, 3, 1, 3),
        outlet.pushes.stream().map(push -> push.targets().getFirst().packetId()).toList());
  }

  /** So that a gateway can tell a lost push from an entry that left the queue. */
  @Test
  void push_entriesBeforeItLeftTheQueue_saysHowMany() {
    Session session = session(1, 10, 0);
    for (int i = 0; i < 5; i++) {
      queue(session, message(0));
    }
    acknowledge(session, 3);
    acknowledge(session, 4);
    deliveries.resume(session, outlet, 1, 1);
    runDry();
    publish(session);
    runDry();

    assertEquals(List.of(2L, 5L, 6L), outlet.sequences());
    assertEquals(
        List.of(0L, 2L, 0L),
        outlet.pushes.stream().map(push -> push.targets().getFirst().skipped()).toList());
  }

  @Test
  void direct_congestedOrNotAttached_shedAndCounted() {
    Session session = session(1, 10, 0);
    Decision.DirectPush push =
        new Decision.DirectPush(session.number(), message(0), Delivery.of(Qos.AT_MOST_ONCE, false));
    deliveries.direct(push, NOW);
    deliveries.open(session, outlet);
    outlet.congested = true;
    deliveries.direct(push, NOW);
    assertEquals(2, counts.shed());
    outlet.congested = false;
    deliveries.direct(push, NOW);
    runDry();
    assertEquals(List.of(0L), outlet.sequences());
  }

  /** The copy of a request that was held up with another router. */
  @Test
  void open_again_outletStays() {
    Session session = session(1, 10, 0);
    FakeOutlet late = new FakeOutlet();
    deliveries.open(session, outlet);

    deliveries.open(session, late);
    publish(session);
    runDry();

    assertEquals(List.of(1L), outlet.sequences());
    assertEquals(List.of(), late.sequences());
  }

  @Test
  void resume_olderThanTheLast_outletStays() {
    Session session = session(1, 10, 0);
    FakeOutlet late = new FakeOutlet();
    deliveries.open(session, late);
    deliveries.resume(session, outlet, 0, 2);

    deliveries.resume(session, late, 0, 1);
    publish(session);
    runDry();

    assertEquals(List.of(1L), outlet.sequences());
    assertEquals(List.of(), late.sequences());
  }

  @Test
  void outletDown_nothingIsPushedUntilResume() {
    Session session = session(1, 10, 0);
    deliveries.open(session, outlet);
    publish(session);
    runDry();
    deliveries.outletDown(outlet);
    publish(session);
    runDry();
    assertEquals(List.of(1L), outlet.sequences());
    FakeOutlet other = new FakeOutlet();
    deliveries.resume(session, other, 1, 1);
    runDry();
    assertEquals(List.of(2L), other.sequences());
  }
}
