package io.vmqtt.store.session;

import static io.vmqtt.store.session.ShardModel.publish;
import static io.vmqtt.store.session.ShardModel.queued;
import static io.vmqtt.store.session.ShardModel.terms;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Qos;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A full queue is its own session's matter. */
class FullQueueTest {
  private static final QueueLimits DROPPING =
      new QueueLimits(3, 1_000, QueueLimits.Overflow.DROP_OLDEST, 1000);
  private static final QueueLimits REFUSING =
      new QueueLimits(8, 10_000, QueueLimits.Overflow.REJECT_NEW, 1000);

  private final ShardModel shard = new ShardModel(DROPPING);

  private static List<Long> sequences(Session session) {
    Backlog backlog = session.backlog();
    return Stream.iterate(backlog.first(), sequence -> sequence != 0, backlog::after).toList();
  }

  private static Publication ofBytes(int bytes) {
    return new Publication(
        "t", Qos.AT_LEAST_ONCE, false, false, 0, 0, bytes, new ShardModel.Text("x"));
  }

  @Test
  void publish_queueFull_oldestGoesThatHasNotBegun() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    shard.run(publish("t", 2));
    shard.run(publish("t", 2));
    shard.detach(alice, true, 1);
    for (int i = 0; i < 3; i++) {
      assertEquals(Reply.DONE, shard.run(publish("t", 2)).reply());
    }
    assertEquals(List.of(1L, 4L, 5L), sequences(shard.session(alice)), "1 may have been sent");
    assertEquals(2, shard.session(alice).dropped());
  }

  @Test
  void publish_allHasBegun_theNewOneGoesForThisSessionAlone() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    for (int i = 0; i < 3; i++) {
      shard.run(publish("t", 1));
    }
    Reply.Attached bob = shard.attached("bob", 2, "t");
    Decision decision = shard.run(publish("t", 1));

    assertEquals(Reply.DONE, decision.reply());
    assertEquals(List.of(1L, 2L, 3L), sequences(shard.session(alice)));
    assertEquals(1, shard.session(alice).dropped());
    assertEquals(List.of(1L), sequences(shard.session(bob)));
    assertEquals(0, shard.session(bob).dropped());
    assertEquals(0, queued(decision).getFirst().body(), "one session holds it, none else");
  }

  @Test
  void publish_tooManyBytes_asManyGoAsMustOrTheNewOne() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    shard.run(publish(ofBytes(300)));
    shard.detach(alice, true, 1);
    shard.run(publish(ofBytes(300)));
    shard.run(publish(ofBytes(300)));

    shard.run(publish(ofBytes(500)));
    assertEquals(List.of(1L, 4L), sequences(shard.session(alice)));

    shard.run(publish(ofBytes(800)));
    assertEquals(List.of(1L, 4L), sequences(shard.session(alice)), "4 gave way for nothing");
    assertEquals(3, shard.session(alice).dropped());
  }

  @Test
  void publish_largerThanTheBoundAndQueueEmpty_taken() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    shard.run(publish(ofBytes(5_000)));
    assertEquals(List.of(1L), sequences(shard.session(alice)));
  }

  /** Others may have it by then: its publisher must not hear that it was refused. */
  @Test
  void publish_refusingAndFull_whatComesAllTheSameIsTakenUpToTwiceTheBound() {
    ShardModel refusing = new ShardModel(REFUSING);
    Reply.Attached alice = refusing.attached("alice", 1, "t");
    refusing.detach(alice, true, 0);
    for (int i = 0; i < 17; i++) {
      assertEquals(Reply.DONE, refusing.run(publish("t", 1)).reply());
    }
    assertEquals(16, refusing.session(alice).backlog().size());
    assertEquals(1, refusing.session(alice).dropped());
  }

  @Test
  void isFull_refusing_fromTheBoundUntilThereIsRoomAgain() {
    ShardModel refusing = new ShardModel(REFUSING);
    Reply.Attached alice = refusing.attached("alice", 1, "t");
    refusing.subscribe(alice, terms("none", 0));
    FullSessions full = new FullSessions(refusing.state, REFUSING);
    RouteKey route = new RouteKey("t", "");
    for (int i = 0; i < 8; i++) {
      assertFalse(full.isFull(route));
      refusing.run(publish("t", 1));
      full.queueChanged(alice.session());
    }
    assertTrue(full.isFull(route));
    assertTrue(new FullSessions(refusing.state, REFUSING).isFull(route), "the next leader's");
    assertFalse(full.isFull(new RouteKey("none", "")), "nothing of QoS 1 goes that way");
    assertEquals(Set.of(route), full.takeChanged());
    assertEquals(Set.of(), full.takeChanged());

    refusing.run(new Command.Acknowledge(alice.session(), alice.epoch(), List.of(1L)));
    full.queueChanged(alice.session());
    assertFalse(full.isFull(route), "7 of 8");
    assertEquals(Set.of(route), full.takeChanged());
  }

  @Test
  void isFull_subscriptionsOfAFullSessionChange_followed() {
    ShardModel refusing = new ShardModel(REFUSING);
    Reply.Attached alice = refusing.attached("alice", 1, "t");
    for (int i = 0; i < 8; i++) {
      refusing.run(publish("t", 1));
    }
    FullSessions full = new FullSessions(refusing.state, REFUSING);
    refusing.subscribe(alice, terms("u", 1));
    full.subscriptionsChanged(alice.session());
    assertTrue(full.isFull(new RouteKey("u", "")));

    refusing.run(ShardModel.attach("alice", 2, true, 60, null));
    full.subscriptionsChanged(alice.session());
    assertFalse(full.isFull(new RouteKey("u", "")));
    assertFalse(full.isFull(new RouteKey("t", "")));
  }

  @Test
  void isFull_shareGroup_ifAllItsMembersAre() {
    ShardModel refusing = new ShardModel(REFUSING);
    Reply.Attached alice = refusing.attached("alice", 1, "$share/g/s", "t");
    for (int i = 0; i < 8; i++) {
      refusing.run(publish("t", 1));
    }
    RouteKey group = new RouteKey("s", "g");
    assertTrue(new FullSessions(refusing.state, REFUSING).isFull(group));

    Reply.Attached bob = refusing.attached("bob", 2, "$share/g/s");
    assertFalse(new FullSessions(refusing.state, REFUSING).isFull(group));
    for (int i = 0; i < 3; i++) {
      refusing.run(
          new Command.Publish(ShardModel.message("s", 1), null, false, false, List.of(group)));
    }
    assertEquals(3, refusing.session(bob).backlog().size(), "alice has no room");
    assertEquals(8, refusing.session(alice).backlog().size());
  }
}
