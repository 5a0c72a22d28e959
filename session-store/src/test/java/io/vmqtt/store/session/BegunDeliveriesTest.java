package io.vmqtt.store.session;

import static io.vmqtt.store.session.ShardModel.publish;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is known of deliveries that may have been sent, and what becomes of them. */
class BegunDeliveriesTest {
  private final ShardModel shard = new ShardModel();

  @Test
  void detach_sentThrough_isTheMark() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    shard.run(publish("t", 1));
    shard.run(publish("t", 1));
    shard.detach(alice, true, 1);
    shard.attached("alice", 2);
    assertEquals(1, shard.session(alice).header().sentThrough());
  }

  @Test
  void attach_takeOver_allMayHaveBeenSent() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    shard.run(publish("t", 1));
    shard.run(publish("t", 1));
    shard.attached("alice", 2);
    assertEquals(2, shard.session(alice).header().sentThrough());
  }

  @Test
  void gatewayGone_queue_allMayHaveBeenSent() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    shard.run(publish("t", 1));
    shard.run(new Command.GatewayGone(7));
    assertEquals(1, shard.session(alice).header().sentThrough());
  }

  @Test
  void expire_attachmentIsTheSame_leavesTheQueue() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    shard.run(publish("t", 1));
    shard.run(new Command.Expire(alice.session(), alice.epoch(), List.of(1L)));
    assertTrue(shard.session(alice).backlog().isEmpty());
  }

  /** The attachment came into the log before the word that they expired unsent. */
  @Test
  void expire_attachedAnewBefore_mayHaveBegunAndStays() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    shard.run(publish("t", 1));
    shard.attached("alice", 2);
    shard.run(new Command.Expire(alice.session(), alice.epoch(), List.of(1L)));
    assertTrue(shard.session(alice).backlog().contains(1));
  }

  @Test
  void clearQueue_nobodyAttached_whatMayHaveBeenSentAndWhatCameLaterStays() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    for (int i = 0; i < 4; i++) {
      shard.run(publish("t", 1));
    }
    shard.detach(alice, true, 1);

    Decision decision = shard.run(new Command.ClearQueue(alice.session(), 3));

    assertEquals(2, decision.changes().size());
    assertEquals(1, shard.session(alice).backlog().first());
    assertEquals(4, shard.session(alice).backlog().after(1));
    assertEquals(2, shard.session(alice).backlog().size());
  }

  /** Else the log would be held up by one queue. */
  @Test
  void clearQueue_longQueueOfAClientThatIsThere_goesPieceByPieceDownToItsWindow() {
    ShardModel roomy =
        new ShardModel(new QueueLimits(9000, 1 << 20, QueueLimits.Overflow.REJECT_NEW, 1000));
    Reply.Attached alice = roomy.attached("alice", 1, "t");
    for (int i = 0; i < 6000; i++) {
      roomy.run(publish("t", 1));
    }
    int begun = roomy.session(alice).header().receiveMaximum() + Session.MAX_PASSED_OVER;
    Command clear = new Command.ClearQueue(alice.session(), Long.MAX_VALUE);

    int first = roomy.run(clear).changes().size();
    int cleared = first;
    int more = first;
    while (more > 0) {
      more = roomy.run(clear).changes().size();
      cleared += more;
    }

    assertTrue(first < 6000 - begun);
    assertEquals(6000 - begun, cleared);
    assertEquals(begun, roomy.session(alice).backlog().size());
  }

  @Test
  void clearQueue_noSuchSession_changesNothing() {
    assertEquals(List.of(), shard.run(new Command.ClearQueue(99, 9)).changes());
  }

  /** A window has only so much under way, whatever waits behind it. */
  @Test
  void gatewayGone_longQueue_onlyWhatTheWindowAllowsMayHaveBeenSent() {
    ShardModel roomy =
        new ShardModel(new QueueLimits(5000, 1 << 20, QueueLimits.Overflow.REJECT_NEW, 1000));
    Reply.Attached alice = roomy.attached("alice", 1, "t");
    for (int i = 0; i < 2000; i++) {
      roomy.run(publish("t", 1));
    }
    roomy.run(new Command.GatewayGone(7));
    int receiveMaximum = roomy.session(alice).header().receiveMaximum();
    assertEquals(
        receiveMaximum + Session.MAX_PASSED_OVER, roomy.session(alice).header().sentThrough());
  }
}
