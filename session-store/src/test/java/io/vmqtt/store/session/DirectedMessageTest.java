package io.vmqtt.store.session;

import static io.vmqtt.store.session.ShardModel.message;
import static io.vmqtt.store.session.ShardModel.terms;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A message of an operator's for one session. */
class DirectedMessageTest {
  private final ShardModel shard = new ShardModel();

  private Decision deliver(Reply.Attached to, String topic, int qos) {
    return shard.run(new Command.Deliver(to.session(), message(topic, qos)));
  }

  @Test
  void deliver_others_haveSubscribedToo_andGetNothing() {
    Reply.Attached alice = shard.attached("alice", 1, "a/#");
    Reply.Attached bob = shard.attached("bob", 2, "a/#");

    assertEquals(1, ShardModel.queued(deliver(alice, "a/b", 1)).size());

    assertEquals(1, shard.session(alice).backlog().size());
    assertTrue(shard.session(bob).backlog().isEmpty());
  }

  @Test
  void deliver_overlappingSubscriptions_areOneDeliveryAtTheHighest() {
    Reply.Attached alice = shard.attached("alice", 1);
    shard.subscribe(alice, terms("a/+", 0, 7), terms("#", 1, 8), terms("$share/g/a/b", 2, 9));

    Change.Queued queued = ShardModel.queued(deliver(alice, "a/b", 2)).getFirst();

    assertEquals(Qos.AT_LEAST_ONCE, queued.delivery().qos());
    assertEquals(List.of(7, 8), queued.delivery().identifiers());
    assertEquals(false, queued.delivery().retain());
  }

  @Test
  void deliver_notSubscribedButInAShareGroup_changesNothing() {
    Reply.Attached alice = shard.attached("alice", 1, "b", "$share/g/a");

    Decision decision = deliver(alice, "a", 1);

    assertEquals(Decision.of(Reply.DONE), decision);
  }

  @Test
  void deliver_noSuchSession_isAFailure() {
    Decision decision = shard.run(new Command.Deliver(99, message("a", 1)));

    assertInstanceOf(Reply.Failure.class, decision.reply());
    assertEquals(List.of(), decision.changes());
  }

  @Test
  void deliver_atQos0_isPushedToWhoIsThereAlone() {
    Reply.Attached alice = shard.attached("alice", 1, "a");
    assertEquals(1, deliver(alice, "a", 0).pushes().size());

    shard.detach(alice, true, 0);
    Decision away = deliver(alice, "a", 0);

    assertEquals(List.of(), away.pushes());
    assertEquals(List.of(), away.changes());
  }

  @Test
  void deliver_queueIsFull_isRefused() {
    Reply.Attached alice = shard.attached("alice", 1, "a");
    shard.detach(alice, true, 0);
    for (int i = 0; i < ShardModel.LIMITS.maxMessages(); i++) {
      assertEquals(1, ShardModel.queued(deliver(alice, "a", 1)).size());
    }

    Decision more = deliver(alice, "a", 1);

    assertEquals(new Reply.Refused(ReasonCode.QUOTA_EXCEEDED.value()), more.reply());
    assertEquals(List.of(), more.changes());
  }

  @Test
  void deliver_queueIsFullAndDropsTheOldest_theOldestGivesWay() {
    ShardModel dropping =
        new ShardModel(new QueueLimits(2, 10_000, QueueLimits.Overflow.DROP_OLDEST, 1_000));
    Reply.Attached alice = dropping.attached("alice", 1, "a");
    dropping.detach(alice, true, 0);
    Command deliver = new Command.Deliver(alice.session(), message("a", 1));
    dropping.run(deliver);
    dropping.run(deliver);

    assertEquals(3, ShardModel.queued(dropping.run(deliver)).getFirst().sequence());
    assertEquals(2, dropping.session(alice).backlog().first());
  }
}
