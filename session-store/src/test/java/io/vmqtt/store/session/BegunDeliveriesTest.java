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
