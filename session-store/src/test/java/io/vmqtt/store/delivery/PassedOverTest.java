package io.vmqtt.store.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.model.Delivery;
import io.vmqtt.model.Qos;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.Content;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.Session;
import io.vmqtt.store.session.SessionHeader;
import io.vmqtt.store.session.ShardState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Messages that expired before they were pushed, whose removal is in the log, while the path of
 * their attachment changes. One that was pushed now could be sent by a gateway whose clock is
 * behind: a delivery that has begun, and whose message then leaves the queue all the same.
 */
class PassedOverTest {
  private static final long NOW = 1_000_000;
  private static final int RECEIVE_MAXIMUM = 2;

  private record Text(String text) implements Content {}

  private static final class Path implements Outlet {
    final List<Long> pushed = new ArrayList<>();

    @Override
    public boolean congested() {
      return false;
    }

    @Override
    public void push(long gateway, @Nullable Publication publication, List<Target> targets) {
      targets.forEach(target -> pushed.add(target.sequence()));
    }
  }

  private final ShardState state = new ShardState(1);
  private final Session session = attached(1);
  private final List<QueueReader.Entry> disk = new ArrayList<>();
  private final List<Long> expired = new ArrayList<>();
  private final Path first = new Path();
  private final Path second = new Path();
  private final Deliveries deliveries =
      new Deliveries(
          (number, from, limit, maxBytes) ->
              disk.stream().filter(entry -> entry.sequence() >= from).limit(limit).toList(),
          new Deliveries.QueueLog() {
            @Override
            public void expired(long number, long epoch, List<Long> sequences) {
              expired.addAll(sequences);
            }

            @Override
            public void allotPacketId(long number, long sequence) {
              throw new IllegalStateException("there are packet ids for all");
            }
          },
          new DeliveryCounts());

  @Test
  void resume_expiryIsInTheLog_isNotPushedNorLoggedAgain() {
    passOver(1);

    deliveries.resume(session, second, 0, 1);
    runDry();

    assertEquals(List.of(), second.pushed);
    assertEquals(List.of(1L), expired);
  }

  @Test
  void resume_pathBrokeBefore_isNotPushed() {
    passOver(1);

    deliveries.outletDown(first);
    deliveries.resume(session, second, 0, 1);
    runDry();

    assertEquals(List.of(), second.pushed);
  }

  @Test
  void openAgain_pathBrokeBefore_isNotPushed() {
    passOver(1);

    deliveries.outletDown(first);
    deliveries.openAgain(session, second);
    runDry();

    assertEquals(List.of(), second.pushed);
  }

  /** It counts for the window as little after the change as before. */
  @Test
  void resume_gatewayHasWhatFollows_windowIsWholeBeforeAndAfterTheRemoval() {
    passOver(1);
    queue(0);
    runDry();
    assertEquals(List.of(2L), first.pushed);

    deliveries.resume(session, second, 2, 1);
    queue(0);
    queue(0);
    runDry();
    assertEquals(List.of(3L), second.pushed, "two are unacknowledged");
    remove(1);
    runDry();
    assertEquals(List.of(3L), second.pushed);
    remove(2);
    runDry();

    assertEquals(List.of(3L, 4L), second.pushed);
  }

  @Test
  void removed_whileThereIsNoPath_isForgotten() {
    passOver(1);
    deliveries.outletDown(first);

    remove(1);
    deliveries.resume(session, second, 0, 1);
    queue(0);
    runDry();

    assertEquals(List.of(2L), second.pushed);
  }

  /** So many that the next window is full of them at once. */
  @Test
  void removed_asManyAsMayBePassedOver_whatFollowsGoesOn() {
    passOver(Session.MAX_PASSED_OVER);
    deliveries.resume(session, second, 0, 1);
    queue(0);
    runDry();

    for (long sequence = 1; sequence <= Session.MAX_PASSED_OVER; sequence++) {
      remove(sequence);
    }
    runDry();

    assertEquals(List.of(Session.MAX_PASSED_OVER + 1L), second.pushed);
  }

  /** The word about the attachment of before is void: for the next, the delivery has begun. */
  @Test
  void open_nextAttachment_isPushed() {
    passOver(1);

    deliveries.close(session.number());
    Session next = attached(2);
    deliveries.open(next, second);
    runDry();

    assertEquals(List.of(1L), second.pushed);
  }

  private Session attached(long epoch) {
    long sentThrough = epoch - 1;
    state.apply(
        new Change.SessionSaved(
            new SessionHeader(
                1, "c", epoch, true, 7, epoch, true, 60, RECEIVE_MAXIMUM, null, sentThrough, 0, 0)),
        body -> {});
    Session attached = state.session(1);
    if (attached == null) {
      throw new IllegalStateException("the session was not saved");
    }
    return attached;
  }

  /** Messages are found to have expired. */
  private void passOver(int count) {
    for (int i = 0; i < count; i++) {
      queue(NOW);
    }
    deliveries.open(session, first);
    runDry();
    assertEquals(count, expired.size());
  }

  private void queue(long expiresAtMillis) {
    Publication message =
        new Publication(
            "t", Qos.AT_LEAST_ONCE, false, false, 0, expiresAtMillis, 10, new Text("x"));
    Change.Queued entry =
        new Change.Queued(
            1, session.lastSequence() + 1, 0, message, Delivery.of(Qos.AT_LEAST_ONCE, false));
    state.apply(entry, body -> {});
    disk.add(
        new QueueReader.Entry(entry.sequence(), message, Delivery.of(Qos.AT_LEAST_ONCE, false)));
    deliveries.queued(entry, NOW);
  }

  private void remove(long sequence) {
    state.apply(new Change.Dequeued(1, sequence), body -> {});
    disk.removeIf(entry -> entry.sequence() == sequence);
    deliveries.removed(1, sequence);
  }

  private void runDry() {
    while (deliveries.run(NOW)) {
      // until nothing is left to push
    }
  }
}
