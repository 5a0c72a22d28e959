package io.vmqtt.store.leading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.clusterkit.RecordingLink;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Qos;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.session.v1.Acknowledge;
import io.vmqtt.proto.storage.v1.LoggedCommand;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.store.delivery.QueueReader;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.Decision;
import io.vmqtt.store.session.PendingPublish;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.session.Reply;
import io.vmqtt.store.session.RouteKey;
import io.vmqtt.store.session.SessionHeader;
import io.vmqtt.store.session.ShardState;
import io.vmqtt.store.wire.LoggedCommands;
import io.vmqtt.store.wire.SessionExpiry;
import io.vmqtt.store.wire.WireContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a leader does when somebody sets the machine's clock, and with what it is told twice. */
class LeadershipTest {
  private static final long HOUR_MILLIS = 3_600_000;
  private static final long LEASE_MILLIS = 4_000;
  private static final long DETECTION_MILLIS = 3_000;
  private static final long GATEWAY = 7;

  private long wallMillis = 100 * HOUR_MILLIS;
  private long uptimeMillis = 50_000;

  private final ShardState state = new ShardState(1);
  private final List<Command> log = new ArrayList<>();
  private final List<QueueReader.Entry> queue = new ArrayList<>();
  private final Routers routers = new Routers(LEASE_MILLIS);
  private final RecordingLink<StoreToRouterFrame> toRouter = new RecordingLink<>("router-1");
  private final RouterPort router = new RouterPort(0, new RouterLink(toRouter));
  private final Leadership leading =
      new Leadership(
          0,
          1,
          1,
          0,
          state,
          (session, from, limit, maxBytes) -> queue,
          new RetainedReads((from, visitor) -> {}, Runnable::run, Runnable::run),
          routers,
          log::add,
          new StoreCommons(
              new StoreClock(() -> wallMillis, () -> uptimeMillis),
              new GatewayWatch(DETECTION_MILLIS, 0),
              new LeadingOptions(
                  new QueueLimits(10, 10_000, QueueLimits.Overflow.REJECT_NEW, HOUR_MILLIS),
                  SessionExpiry.UNLIMITED,
                  LEASE_MILLIS,
                  () -> false),
              new LeadingCounts()));

  @BeforeEach
  void begin() {
    routers.up(router);
    routers.discovered(Set.of("router-1", "router-2"), uptimeMillis);
    leading.begin();
  }

  private void tick() {
    routers.tick(uptimeMillis);
    leading.tick();
  }

  private boolean hasSuback() {
    router.flush();
    return toRouter.sent.stream().anyMatch(frame -> frame.getReply().hasSubscribed());
  }

  private void subscribe() {
    Command command = new Command.Subscribe(1, 1, List.of());
    leading.applied(
        new Pending(command, LoggedCommand.getDefaultInstance(), new Pending.Request(router, 9)),
        new Decision(new Reply.Subscribed(List.of(false), List.of()), List.of(), List.of()),
        true,
        wallMillis);
    leading.routesApplied(router, leading.routeVersion());
  }

  /** The second router has no link: SUBACK waits for its lease, no longer and no less. */
  @Test
  void tick_clockIsSetBack_leaseEndsInTime() {
    subscribe();
    wallMillis -= HOUR_MILLIS;
    uptimeMillis += LEASE_MILLIS - 1;
    tick();
    assertFalse(hasSuback());

    uptimeMillis += 1;
    tick();

    assertTrue(hasSuback());
  }

  @Test
  void tick_clockIsSetForward_leaseDoesNotEndEarly() {
    subscribe();
    wallMillis += HOUR_MILLIS;
    uptimeMillis += LEASE_MILLIS - 1;
    tick();

    assertFalse(hasSuback());
  }

  @Test
  void tick_clockIsSetForward_absentGatewayIsNotGivenUpEarly() {
    attachedAtGateway();
    tick();
    wallMillis += HOUR_MILLIS;
    uptimeMillis += DETECTION_MILLIS - 1;
    tick();
    assertEquals(List.of(), log);

    uptimeMillis += 1;
    tick();

    assertEquals(List.of(new Command.GatewayGone(GATEWAY)), log);
  }

  /** Nobody has confirmed it, so it is sent again after a while, whatever the clock shows. */
  @Test
  void tick_clockIsSetBack_willIsSentAgainInTime() {
    Publication will =
        WireContent.publication(Message.newBuilder().setTopic("will").setQos(1).build());
    leading.applied(
        new Pending(new Command.Due(), LoggedCommand.getDefaultInstance(), null),
        new Decision(
            Reply.DONE,
            List.of(new Change.PublishArmed(new PendingPublish(1, will, 0, null, null))),
            List.of()),
        true,
        wallMillis);
    assertEquals(1, wills());

    wallMillis -= HOUR_MILLIS;
    uptimeMillis += 5_000;
    tick();

    assertEquals(2, wills());
  }

  /** It waits until all routers know that the group has no member here. */
  @Test
  void applied_leftForAGroupThenAWill_leftOneIsNotTakenForSent() {
    Publication message =
        WireContent.publication(Message.newBuilder().setTopic("t").setQos(1).build());
    RouteKey group = new RouteKey("t", "g");
    Change left = new Change.PublishArmed(new PendingPublish(1, message, 0, group, null));
    Change will = new Change.PublishArmed(new PendingPublish(2, message, 0, null, null));
    state.apply(left, body -> {});
    state.apply(will, body -> {});

    leading.applied(
        new Pending(new Command.Due(), LoggedCommand.getDefaultInstance(), null),
        new Decision(Reply.DONE, List.of(left, will), List.of()),
        true,
        wallMillis);

    assertEquals(1, wills());
    Publish sent =
        toRouter.sent.stream()
            .filter(frame -> frame.hasPublish())
            .findFirst()
            .orElseThrow()
            .getPublish();
    assertEquals(2, sent.getKey().getSequence());
    assertEquals(1, sent.getKey().getLowWater());
  }

  /** Nobody knows which router the old connection's gateway can be reached by. */
  @Test
  void applied_connectionReplaced_toldOverEveryRouter() {
    RecordingLink<StoreToRouterFrame> toOther = new RecordingLink<>("router-2");
    RouterPort other = new RouterPort(0, new RouterLink(toOther));
    routers.up(other);

    leading.applied(
        new Pending(
            new Command.Due(), LoggedCommand.getDefaultInstance(), new Pending.Request(router, 9)),
        new Decision(Reply.DONE, List.of(new Change.ConnectionReplaced(GATEWAY, 3)), List.of()),
        true,
        wallMillis);
    router.flush();
    other.flush();

    assertTrue(toRouter.sent.stream().anyMatch(frame -> frame.hasDisconnect()));
    assertTrue(toOther.sent.stream().anyMatch(frame -> frame.hasDisconnect()));
  }

  @Test
  void applied_attached_whatHasExpiredLeavesTheQueueOfThisAttachment() {
    SessionHeader header = attachedAtGateway();
    queueExpired();
    attach(List.of(new Change.SessionSaved(header)));
    assertEquals(List.of(new Command.Expire(1, header.epoch(), List.of(1L))), log);
  }

  /** What was pushed upon the first copy, maybe by another leader, may still get there. */
  @Test
  void applied_attachedByACopyBefore_expiryOfWhatMayHaveBeenPushedIsLeftToTheGateway() {
    attachedAtGateway();
    queueExpired();
    attach(List.of());
    assertEquals(List.of(), log);
  }

  @Test
  void withheld_cameByAShareGroup_isHandedOnAndNothingElse() {
    SessionHeader header = attachedAtGateway();
    Publication job = WireContent.publication(Message.newBuilder().setTopic("t").setQos(1).build());
    Delivery delivery = Delivery.of(Qos.AT_LEAST_ONCE, false);
    RouteKey group = new RouteKey("t", "g");
    state.apply(new Change.Queued(1, 1, 0, job, delivery), body -> {});
    state.apply(new Change.Queued(1, 2, 0, job, delivery, group), body -> {});
    queue.add(new QueueReader.Entry(2, job, delivery, group));

    leading.withheld(
        Acknowledge.newBuilder()
            .setSession(1)
            .setEpoch(header.epoch())
            .addAllSequences(List.of(1L, 2L, 3L))
            .addAllWithheld(List.of(1L, 2L, 3L))
            .build());

    assertEquals(List.of(new Command.HandOn(1, header.epoch(), 2, job, group)), log);
  }

  /** Those of an earlier leader come first, and are nobody's here. */
  @Test
  void clearQueue_oneAtATime_isToldWhatItsOwnEntryCleared() {
    List<Integer> told = new ArrayList<>();
    assertTrue(leading.clearQueue(1, 9, told::add));
    assertFalse(leading.clearQueue(2, 9, told::add));
    Command clear = new Command.ClearQueue(1, 9);
    assertEquals(List.of(clear), log);

    appliedClear(clear, List.of(), false);
    assertEquals(List.of(), told);
    appliedClear(clear, List.of(new Change.Dequeued(1, 3)), true);

    assertEquals(List.of(1), told);
    assertTrue(leading.clearQueue(2, 9, told::add));
  }

  private void appliedClear(Command clear, List<Change> changes, boolean ours) {
    leading.applied(
        new Pending(clear, LoggedCommands.of(clear), null),
        new Decision(Reply.DONE, changes, List.of()),
        ours,
        wallMillis);
  }

  /** Those of an earlier leader are nobody's here; of its own each hears of its own. */
  @Test
  void deliver_several_eachIsToldWhatItsOwnEntryDecided() {
    Publication message = WireContent.publication(Message.newBuilder().setTopic("t").build());
    List<String> told = new ArrayList<>();
    assertTrue(leading.deliver(1, message, decision -> told.add("1 " + decision.reply())));
    assertTrue(leading.deliver(2, message, decision -> told.add("2 " + decision.reply())));
    assertEquals(List.of(new Command.Deliver(1, message), new Command.Deliver(2, message)), log);
    Decision done = new Decision(Reply.DONE, List.of(), List.of());
    Pending pending = new Pending(log.getFirst(), LoggedCommands.of(log.getFirst()), null);

    leading.applied(pending, done, false, wallMillis);
    assertEquals(List.of(), told);
    leading.applied(pending, done, true, wallMillis);
    leading.applied(pending, done, true, wallMillis);

    assertEquals(List.of("1 " + Reply.DONE, "2 " + Reply.DONE), told);
  }

  private void attach(List<Change> changes) {
    Command attach = new Command.Attach("c", GATEWAY, 1, false, 60, 10, null, null);
    leading.applied(
        new Pending(attach, LoggedCommand.getDefaultInstance(), new Pending.Request(router, 9)),
        new Decision(new Reply.Attached(1, 1, false, 60), changes, List.of()),
        true,
        wallMillis);
    leading.run(wallMillis);
  }

  private void queueExpired() {
    Publication message =
        WireContent.publication(
            Message.newBuilder().setTopic("t").setQos(1).setExpiresAtMillis(wallMillis).build());
    state.apply(
        new Change.Queued(1, 1, 0, message, Delivery.of(Qos.AT_LEAST_ONCE, false)), body -> {});
    queue.add(new QueueReader.Entry(1, message, Delivery.of(Qos.AT_LEAST_ONCE, false)));
  }

  private SessionHeader attachedAtGateway() {
    SessionHeader header =
        new SessionHeader(1, "c", 1, true, GATEWAY, 1, false, 60, 10, null, 0, 0, 0);
    state.apply(new Change.SessionSaved(header), body -> {});
    return header;
  }

  private long wills() {
    return toRouter.sent.stream().filter(frame -> frame.hasPublish()).count();
  }
}
