package io.vmqtt.store.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.vmqtt.cluster.access.WillOwner;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.Qos;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.store.delivery.QueueReader;
import io.vmqtt.store.retained.RetainedPage;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.Decision;
import io.vmqtt.store.session.Estate;
import io.vmqtt.store.session.PendingPublish;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.session.Reply;
import io.vmqtt.store.session.RouteKey;
import io.vmqtt.store.session.Session;
import io.vmqtt.store.session.ShardRules;
import io.vmqtt.store.session.ShardState;
import io.vmqtt.store.session.SubscriptionTerms;
import io.vmqtt.store.session.Will;
import io.vmqtt.store.wire.WireContent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is what is there after a start. */
class RocksStorageTest {
  private static final WillOwner OWNER =
      new WillOwner(Namespace.of("plant"), "alice", "al", "pump", Map.of("team", "north"));
  private static final QueueLimits ONE_MESSAGE =
      new QueueLimits(1, 1 << 20, QueueLimits.Overflow.DROP_OLDEST, 1_000_000);
  private static final QueueLimits LIMITS =
      new QueueLimits(1000, 1 << 20, QueueLimits.Overflow.REJECT_NEW, 1_000_000);

  @TempDir Path folder;
  private StorageMemory memory;
  private RocksStorage storage;
  private ShardState state;
  private ShardRules rules;
  private long index;

  @BeforeEach
  void open() {
    memory = new StorageMemory(8 << 20, 8 << 20);
    storage = RocksStorage.open(folder, memory);
    state = new ShardState(1);
    storage.load(state);
    rules = new ShardRules(0, state, LIMITS);
    index = storage.applied().getIndex();
  }

  @AfterEach
  void close() {
    storage.close();
    memory.close();
  }

  private void reopen() {
    storage.flush();
    close();
    open();
  }

  private Reply run(Command command) {
    Decision decision = rules.decide(command, 1000);
    decision
        .changes()
        .forEach(
            change -> {
              storage.stage(change, state);
              state.apply(change, storage::stageBodyRemoved);
            });
    storage.commit(1, ++index, state);
    return decision.reply();
  }

  private static Publication message(String topic, String payload) {
    return WireContent.publication(
        Message.newBuilder()
            .setTopic(topic)
            .setQos(2)
            .setPayload(ByteString.copyFromUtf8(payload))
            .build());
  }

  private Reply.Attached attach(String clientId, @Nullable Will will) {
    return (Reply.Attached) run(new Command.Attach(clientId, 7, 1, false, 60, 10, will, null));
  }

  private void subscribe(Reply.Attached session, String filter) {
    run(
        new Command.Subscribe(
            session.session(),
            session.epoch(),
            List.of(
                new SubscriptionTerms(
                    TopicFilter.parse(filter), Qos.EXACTLY_ONCE, true, true, 9))));
  }

  private void publish(String topic, String payload, @Nullable PublishKey key) {
    run(new Command.Publish(message(topic, payload), key, true, true, List.of()));
  }

  private Session session(long number) {
    Session session = state.session(number);
    assertNotNull(session);
    return session;
  }

  @Test
  void load_sessionsSubscriptionsCounters_asTheyWere() {
    Reply.Attached alice = attach("alice", new Will(message("w", "will"), 3, 4, OWNER));
    subscribe(alice, "a/+");
    subscribe(alice, "$share/g/b");
    Session before = session(alice.session());
    long lastNumber = state.lastNumber();

    reopen();

    assertEquals(index, storage.applied().getIndex());
    assertEquals(lastNumber, state.lastNumber());
    Session after = session(alice.session());
    assertEquals(before.header(), after.header());
    assertEquals(List.copyOf(before.filterTexts()).size(), after.filterTexts().size());
    assertEquals(1, state.routes().get(new RouteKey("b", "g")));
    assertTrue(state.takeChangedRoutes().isEmpty());
    publish("a/x", "hello", null);
    QueueReader.Entry entry = storage.read(alice.session(), 1, 10, Integer.MAX_VALUE).getFirst();
    assertEquals(List.of(9), entry.delivery().identifiers());
  }

  @Test
  void load_queueWithBodiesAndGaps_asItWas() {
    Reply.Attached alice = attach("alice", null);
    Reply.Attached bob = attach("bob", null);
    subscribe(alice, "t");
    subscribe(bob, "t");
    subscribe(bob, "only");
    publish("t", "one", null);
    publish("t", "two", null);
    publish("only", "three", null);
    run(new Command.Acknowledge(alice.session(), alice.epoch(), List.of(1L)));
    run(new Command.Receive(bob.session(), bob.epoch(), List.of(2L)));

    reopen();

    assertEquals(1, session(alice.session()).backlog().size());
    assertEquals(2, session(alice.session()).backlog().first());
    List<QueueReader.Entry> queue = storage.read(bob.session(), 1, 10, Integer.MAX_VALUE);
    assertEquals(List.of(1L, 2L, 3L), queue.stream().map(QueueReader.Entry::sequence).toList());
    assertEquals(2, storage.read(bob.session(), 1, 2, 1 << 20).size());
    assertEquals(1, storage.read(bob.session(), 1, 10, 1).size(), "one, whatever its size");
    assertEquals("one", text(queue.get(0)));
    assertNull(queue.get(1).publication());
    assertTrue(session(bob.session()).backlog().isReceived(2));
    assertEquals("three", text(queue.get(2)));
    assertEquals(4, state.queued());
    // The body of "one" is bob's alone now, that of "two" alice's.
    run(new Command.Acknowledge(bob.session(), bob.epoch(), List.of(1L, 2L, 3L)));
    assertEquals("two", text(storage.read(alice.session(), 1, 10, Integer.MAX_VALUE).getFirst()));
    publish("t", "four", null);
    assertEquals(3, session(alice.session()).lastSequence());
    assertEquals(4, session(bob.session()).lastSequence());
  }

  private static String text(QueueReader.Entry entry) {
    Publication publication = entry.publication();
    assertNotNull(publication);
    return WireContent.message(publication).getPayload().toStringUtf8();
  }

  @Test
  void load_messagesDropped_asManyAsBefore() {
    rules = new ShardRules(0, state, ONE_MESSAGE);
    Reply.Attached alice = attach("alice", null);
    subscribe(alice, "t");
    run(new Command.Detach(alice.session(), alice.epoch(), true, null, 0));
    for (int i = 0; i < 3; i++) {
      publish("t", "message " + i, null);
    }
    assertEquals(2, session(alice.session()).dropped());

    reopen();

    assertEquals(2, session(alice.session()).dropped());
    assertEquals(
        "message 2", text(storage.read(alice.session(), 1, 10, Integer.MAX_VALUE).getFirst()));
  }

  /** What a client knows a delivery by must not change with a restart. */
  @Test
  void load_packetIdsAllotted_asTheyWere() {
    Reply.Attached alice = attach("alice", null);
    subscribe(alice, "t");
    publish("t", "stays", null);
    for (long sequence = 2; sequence <= 65_535; sequence++) {
      publish("t", "goes", null);
      run(new Command.Acknowledge(alice.session(), alice.epoch(), List.of(sequence)));
    }
    publish("t", "two", null);
    publish("t", "three", null);
    run(new Command.AllotPacketId(alice.session(), 65_536));
    assertEquals(1, session(alice.session()).packetIds().of(65_536));

    reopen();
    assertEquals(
        "two", text(storage.read(alice.session(), 65_536, 1, Integer.MAX_VALUE).getFirst()));
    run(new Command.Receive(alice.session(), alice.epoch(), List.of(65_536L)));
    reopen();

    assertEquals(1, session(alice.session()).packetIds().of(65_536));
    assertTrue(session(alice.session()).backlog().isReceived(65_536));
    run(new Command.Acknowledge(alice.session(), alice.epoch(), List.of(65_536L)));
    assertEquals(0, session(alice.session()).packetIds().allotted(65_536));
  }

  @Test
  void read_manyBytes_stopsThere() {
    Reply.Attached alice = attach("alice", null);
    subscribe(alice, "t");
    for (int i = 0; i < 5; i++) {
      publish("t", "x".repeat(100), null);
    }
    int bytes = (int) session(alice.session()).backlog().totalBytes() / 5;
    assertEquals(1, storage.read(alice.session(), 1, 10, 1).size(), "a large one comes alone");
    assertEquals(2, storage.read(alice.session(), 1, 10, bytes + 1).size());
    assertEquals(3, storage.read(alice.session(), 1, 3, Integer.MAX_VALUE).size());
  }

  @Test
  void load_emptyQueue_sequencesGoOn() {
    Reply.Attached alice = attach("alice", null);
    subscribe(alice, "t");
    publish("t", "one", null);
    run(new Command.Acknowledge(alice.session(), alice.epoch(), List.of(1L)));
    run(new Command.BeginInbound(alice.session(), alice.epoch(), 5));
    run(new Command.EndInbound(alice.session(), alice.epoch(), 5));
    reopen();
    assertEquals(1, session(alice.session()).lastSequence());
    assertEquals(1, session(alice.session()).lastInbound());
  }

  @Test
  void load_inboundAndKeysAndWills_asTheyWere() {
    Reply.Attached alice = attach("alice", new Will(message("w", "will"), 0, 0, OWNER));
    Reply first = run(new Command.BeginInbound(alice.session(), alice.epoch(), 5));
    subscribe(alice, "t");
    publish("t", "one", new PublishKey(9, 2, 2));
    run(new Command.GatewayGone(7));

    reopen();

    assertEquals(
        List.of(OWNER), state.pendingPublishes().stream().map(PendingPublish::owner).toList());
    Reply.Attached again = attach("alice", null);
    assertEquals(first, run(new Command.BeginInbound(again.session(), again.epoch(), 5)));
    publish("t", "one", new PublishKey(9, 2, 2));
    publish("t", "late copy of an earlier one", new PublishKey(9, 1, 1));
    assertEquals(1, session(alice.session()).backlog().size());
    publish("t", "of a later epoch", new PublishKey(9, 1, 1, 1));
    assertEquals(2, session(alice.session()).backlog().size());
    reopen();
    publish("t", "of the first epoch", new PublishKey(9, 7, 1, 0));
    assertEquals(2, session(alice.session()).backlog().size());
    run(new Command.PublishTaken(List.copyOf(state.pendingPublishes()).getFirst().number()));
    reopen();
    assertTrue(state.pendingPublishes().isEmpty());
  }

  @Test
  void remove_session_nothingOfItIsLeft() {
    Reply.Attached alice = attach("alice", null);
    subscribe(alice, "t");
    for (int i = 0; i < 100; i++) {
      publish("t", "m" + i, null);
    }
    run(new Command.BeginInbound(alice.session(), alice.epoch(), 5));
    run(new Command.Detach(alice.session(), alice.epoch(), true, 0L, 0));
    reopen();
    assertNull(state.session(alice.session()));
    assertEquals(List.of(), storage.read(alice.session(), 0, 10, Integer.MAX_VALUE));
    assertEquals(0, state.queued());
    assertTrue(state.routes().isEmpty());
  }

  /** The bodies that it shares with nobody are gone, those that others are to have are not. */
  @Test
  void load_whatAnEndedSessionLeft_asItWas() {
    Reply.Attached alice = attach("alice", null);
    Reply.Attached bob = attach("bob", null);
    subscribe(alice, "t");
    subscribe(alice, "$share/g/t");
    subscribe(bob, "t");
    RouteKey group = new RouteKey("t", "g");
    run(new Command.Publish(message("t", "one"), null, true, false, List.of(group)));
    run(new Command.Publish(message("t", "two"), null, true, false, List.of(group)));
    run(new Command.AllotPacketId(alice.session(), 2));
    run(new Command.Detach(alice.session(), alice.epoch(), true, 0L, 2));
    run(new Command.Acknowledge(bob.session(), bob.epoch(), List.of(1L, 2L)));

    reopen();

    assertNull(state.session(alice.session()));
    Estate estate = estate(alice.session());
    assertEquals(2, estate.begunThrough());
    assertEquals(2, state.queued());
    List<QueueReader.Entry> left = storage.read(alice.session(), 0, 10, Integer.MAX_VALUE);
    assertEquals(List.of("one", "two"), left.stream().map(RocksStorageTest::text).toList());
    assertEquals(List.of(group, group), left.stream().map(QueueReader.Entry::share).toList());
    assertEquals(estate.left().first(), left.getFirst().sequence());

    run(new Command.LeftSettled(alice.session(), List.of(left.getFirst().sequence())));
    reopen();
    assertEquals(1, estate(alice.session()).left().size());
    run(new Command.LeftSettled(alice.session(), List.of(left.getLast().sequence())));
    reopen();
    assertEquals(List.of(), List.copyOf(state.estates()));
    assertEquals(List.of(), storage.read(alice.session(), 0, 10, Integer.MAX_VALUE));
  }

  private Estate estate(long session) {
    Estate estate = state.estate(session);
    assertNotNull(estate);
    return estate;
  }

  @Test
  void scan_retained_byteOrderAndDeletions() {
    publish("b", "2", null);
    publish("a/x", "1", null);
    publish("a", "0", null);
    publish("b", "", null);
    reopen();
    RetainedPage all = read(storage, "#");
    assertEquals(List.of("a", "a/x"), all.messages().stream().map(Publication::topic).toList());
    assertEquals("", all.through());
    assertEquals(2, read(storage, "a/#").messages().size());
    assertEquals(1, read(storage, "+").messages().size());
  }

  @Test
  void open_afterOrderlyClose_everythingIsThere() {
    Reply.Attached alice = attach("alice", null);
    subscribe(alice, "t");
    storage.flush();
    publish("t", "one", null);
    long last = index;
    close();
    open();
    assertEquals(last, index);
    assertEquals(1, session(alice.session()).backlog().size());
  }

  /** As a shard does whose disk has failed it. */
  @Test
  void reopen_withoutFlush_everythingCommittedIsThereAndNothingElse() {
    Reply.Attached alice = attach("alice", null);
    Command half = new Command.Attach("bob", 7, 1, false, 60, 10, null, null);
    rules.decide(half, 1000).changes().forEach(change -> storage.stage(change, state));

    storage.reopen();

    state = new ShardState(1);
    storage.load(state);
    rules = new ShardRules(0, state, LIMITS);
    assertEquals(index, storage.applied().getIndex());
    subscribe(alice, "t");
    assertEquals(1, state.sessions().size());
    reopen();
    assertEquals(1, state.sessions().size());
  }

  private static RetainedPage read(RocksStorage storage, String filter) {
    return RetainedPage.read(storage, filter, "", new RetainedPage.Room(0, 1 << 20), 0);
  }
}
