package io.vmqtt.store.session;

import static io.vmqtt.store.session.ShardModel.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.PublishKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Retained messages: kept for those who come later, and put into queues of those who came. */
class RetainedRulesTest {
  private final ShardModel shard = new ShardModel();

  @Test
  void enqueue_repeated_takenOnce() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    Command enqueue =
        new Command.Enqueue(
            alice.session(),
            alice.epoch(),
            List.of(message("r", 2)),
            0,
            new PublishKey(10, 1, 1, alice.epoch()));

    shard.run(enqueue);
    Decision copy = shard.run(enqueue);

    long last = shard.session(alice).lastSequence();
    assertEquals(Decision.of(new Reply.Enqueued(false, last)), copy);
    assertEquals(1, shard.session(alice).backlog().size());
  }

  /** A shard keeps a message first and delivers it then: both are new, and each is once. */
  @Test
  void publish_keptThenDelivered_eachOnce() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    PublishKey key = new PublishKey(10, 1, 1, 0);
    Command keep = new Command.Publish(message("t", 2), key, false, true, List.of());
    Command deliver = new Command.Publish(message("t", 2), key, true, false, List.of());
    assertEquals(
        1, shard.run(keep).changes().stream().filter(Change.Retained.class::isInstance).count());
    shard.run(deliver);
    shard.run(deliver);

    assertEquals(
        0, shard.run(keep).changes().stream().filter(Change.Retained.class::isInstance).count());
    assertEquals(1, shard.session(alice).backlog().size());
  }

  /** Its publisher has had its answer: nobody is to hear of it again. */
  @Test
  void publish_toBeKeptOfOneAnsweredLongAgo_refused() {
    shard.run(
        new Command.Publish(message("t", 1), new PublishKey(10, 2, 2, 0), false, true, List.of()));

    Decision late =
        shard.run(
            new Command.Publish(
                message("t", 1), new PublishKey(10, 1, 1, 0), false, true, List.of()));

    assertTrue(late.reply() instanceof Reply.Refused);
    assertEquals(List.of(), late.changes());
  }

  @Test
  void enqueue_moreThanFits_nothingIsTaken() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    List<Publication> page = new ArrayList<>();
    for (int i = 0; i <= ShardModel.LIMITS.maxMessages(); i++) {
      page.add(message("r/" + i, 1));
    }

    Decision decision =
        shard.run(new Command.Enqueue(alice.session(), alice.epoch(), page, 0, null));

    assertEquals(Decision.of(new Reply.Enqueued(true, 0)), decision);
  }
}
