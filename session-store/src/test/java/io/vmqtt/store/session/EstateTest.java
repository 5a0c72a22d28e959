package io.vmqtt.store.session;

import static io.vmqtt.store.session.ShardModel.attach;
import static io.vmqtt.store.session.ShardModel.message;
import static io.vmqtt.store.session.ShardModel.queued;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a member of a share group has not acknowledged when its session ends: section 4.8.2. */
class EstateTest {
  private static final RouteKey GROUP = new RouteKey("t", "g");

  private final ShardModel shard = new ShardModel();
  private final Reply.Attached alice = shard.attached("alice", 1, "$share/g/t", "t");

  /** One message for the group and one for everybody. */
  private void publish(RouteKey... shares) {
    shard.run(
        new Command.Publish(message("t", 1), null, shares.length == 0, false, List.of(shares)));
  }

  private Estate estate() {
    Estate estate = shard.state.estate(alice.session());
    assertNotNull(estate);
    return estate;
  }

  @Test
  void publish_memberThatSubscribesBesideTheGroup_getsTwoDeliveries() {
    Decision decision =
        shard.run(new Command.Publish(message("t", 1), null, true, false, List.of(GROUP)));
    List<Change.Queued> entries = queued(decision);
    assertEquals(2, entries.size());
    assertNull(entries.getFirst().share());
    assertEquals(GROUP, entries.getLast().share());
    assertEquals(entries.getFirst().sequence() + 1, entries.getLast().sequence());
  }

  @Test
  void publish_memberOfTwoGroupsWithAFullQueue_boundHoldsAndNothingGoesTwice() {
    ShardModel dropping =
        new ShardModel(new QueueLimits(5, 10_000, QueueLimits.Overflow.DROP_OLDEST, 1_000_000));
    Reply.Attached bob = dropping.attached("bob", 1, "$share/g/t", "$share/h/t");
    dropping.detach(bob, true, 0);
    for (int i = 0; i < 5; i++) {
      dropping.run(
          new Command.Publish(
              message("t", 1), null, true, false, List.of(GROUP, new RouteKey("t", "h"))));
    }
    assertEquals(5, dropping.session(bob).backlog().size());
    assertEquals(6, dropping.session(bob).backlog().first());
    assertEquals(5, dropping.session(bob).dropped());
    assertEquals(5, dropping.state.queued());
  }

  @Test
  void detach_endsTheSession_leavesWhatCameByTheGroupAndNothingElse() {
    publish(GROUP);
    publish();
    publish(GROUP);
    shard.run(new Command.Detach(alice.session(), alice.epoch(), true, 0L, 1));
    assertNull(shard.state.session(alice.session()));
    assertNull(shard.state.sessionOf("alice"));
    assertEquals(1, estate().begunThrough());
    assertEquals(2, estate().left().size());
    assertEquals(1, estate().left().first());
    assertEquals(3, estate().left().after(1));
    assertEquals(2, shard.state.queued());
    assertEquals(0, shard.state.routes().size());
  }

  @Test
  void attach_cleanStart_leavesItAndTheNewSessionHasNothing() {
    publish(GROUP);
    Reply.Attached anew = shard.ask(Reply.Attached.class, attach("alice", 2, true, 3600, null));
    assertTrue(shard.session(anew).backlog().isEmpty());
    assertEquals(1, estate().left().size());
    assertTrue(estate().begunThrough() >= 1, "it was attached: the delivery may have begun");
  }

  @Test
  void due_sessionExpires_leavesIt() {
    publish(GROUP);
    shard.detach(alice, true, 0);
    shard.nowMillis += 3_600_000;
    shard.run(new Command.Due());
    assertEquals(0, estate().begunThrough());
    assertEquals(1, estate().left().size());
  }

  /** The router did not know it yet, and there may be members elsewhere. */
  @Test
  void publish_forAGroupWhoseLastMemberHasGone_isLeftToOthers() {
    shard.attached("bob", 2, "t");
    shard.attached("carol", 3, "t");
    RouteKey gone = new RouteKey("t", "gone");
    shard.run(new Command.Publish(message("t", 1), null, true, false, List.of(gone)));
    PendingPublish left = List.copyOf(shard.state.pendingPublishes()).getFirst();
    assertEquals(gone, left.share());
    assertEquals("t", left.publication().topic());
    shard.run(new Command.PublishTaken(left.number()));
    assertEquals(0, shard.state.pendingPublishes().size());
  }

  @Test
  void publish_atMostOnceForAGroupWhoseLastMemberHasGone_isDropped() {
    RouteKey gone = new RouteKey("t", "gone");
    shard.run(new Command.Publish(message("t", 0), null, true, false, List.of(gone)));
    assertEquals(0, shard.state.pendingPublishes().size());
  }

  @Test
  void detach_nothingOfAGroup_leavesNothing() {
    publish();
    publish(GROUP);
    shard.run(new Command.Acknowledge(alice.session(), alice.epoch(), List.of(2L)));
    shard.run(new Command.Detach(alice.session(), alice.epoch(), true, 0L, 0));
    assertEquals(0, shard.state.estates().size());
    assertEquals(0, shard.state.queued());
  }

  @Test
  void end_bodyThatOthersHaveToo_isKeptUntilTheLastHasIt() {
    Reply.Attached bob = shard.attached("bob", 2, "t");
    Decision decision =
        shard.run(new Command.Publish(message("t", 1), null, true, false, List.of(GROUP)));
    long body = queued(decision).getFirst().body();
    shard.run(new Command.Detach(alice.session(), alice.epoch(), true, 0L, 0));
    shard.run(new Command.Acknowledge(bob.session(), bob.epoch(), List.of(1L)));
    assertEquals(List.of(), shard.released);
    shard.run(new Command.LeftSettled(alice.session(), List.of(2L)));
    assertEquals(List.of(body), shard.released);
  }

  /** The client of a member may not have it: others may. */
  @Test
  void handOn_cameByTheGroup_isPublishedToTheGroupOnce() {
    publish(GROUP);
    publish();
    assertEquals(List.of(), handOn(1, alice.epoch() + 1), "another has it by now");
    assertEquals(List.of(), handOn(2, alice.epoch()), "it came to the session alone");

    List<Change> changes = handOn(1, alice.epoch());

    assertEquals(new Change.Dequeued(alice.session(), 1), changes.getFirst());
    PendingPublish left = shard.state.pendingPublishes().iterator().next();
    assertEquals(List.of(new Change.PublishArmed(left)), changes.subList(1, changes.size()));
    assertEquals(GROUP, left.share());
    assertEquals(List.of(), handOn(1, alice.epoch()));
    assertEquals(1, shard.session(alice).backlog().size());
  }

  private List<Change> handOn(long sequence, long epoch) {
    return shard
        .run(new Command.HandOn(alice.session(), epoch, sequence, message("t", 1), GROUP))
        .changes();
  }

  @Test
  void leftSettled_again_changesNothingAndTheLastEndsTheEstate() {
    publish(GROUP);
    publish(GROUP);
    shard.run(new Command.Detach(alice.session(), alice.epoch(), true, 0L, 0));
    shard.run(new Command.LeftSettled(alice.session(), List.of(1L)));
    assertEquals(
        List.of(), shard.run(new Command.LeftSettled(alice.session(), List.of(1L))).changes());
    assertEquals(2, estate().left().first());
    shard.run(new Command.LeftSettled(alice.session(), List.of(1L, 2L)));
    assertNull(shard.state.estate(alice.session()));
    assertEquals(0, shard.state.queued());
    assertEquals(
        List.of(), shard.run(new Command.LeftSettled(alice.session(), List.of(2L))).changes());
  }
}
