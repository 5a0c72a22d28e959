package io.vmqtt.store.session;

import static io.vmqtt.store.session.ShardModel.publish;
import static io.vmqtt.store.session.ShardModel.queued;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ScopedName;
import io.vmqtt.model.TopicFilter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Full queues of a namespace are the matter of its sessions alone. */
class FullNamespaceTest {
  private static final QueueLimits DROPPING =
      new QueueLimits(3, 1_000, QueueLimits.Overflow.DROP_OLDEST, 1000);
  private static final QueueLimits REFUSING =
      new QueueLimits(8, 10_000, QueueLimits.Overflow.REJECT_NEW, 1000);

  private static List<Long> sequences(Session session) {
    Backlog backlog = session.backlog();
    return Stream.iterate(backlog.first(), sequence -> sequence != 0, backlog::after).toList();
  }

  private static final Namespace SMALL = Namespace.of("small");
  private static final String SMALL_T = ScopedName.of(SMALL, "t");

  private static ShardModel bounded(QueueLimits limits, long bytes) {
    return new ShardModel(limits.with(Map.of(SMALL, bytes)));
  }

  private static String small(String name) {
    return ScopedName.of(SMALL, name);
  }

  private static Reply.Attached away(ShardModel shard, String clientId, String topic) {
    Reply.Attached session =
        shard.ask(Reply.Attached.class, ShardModel.attach(clientId, clientId.hashCode()));
    shard.subscribe(
        session,
        new SubscriptionTerms(TopicFilter.parseScoped(topic), Qos.EXACTLY_ONCE, false, false, 0));
    shard.detach(session, true, 0);
    return session;
  }

  @Test
  void publish_namespaceFull_oldestOfItsSessionGoes_othersKeepTheirs() {
    ShardModel shard = bounded(DROPPING, 300);
    Reply.Attached alice = away(shard, small("alice"), small("a"));
    Reply.Attached bob = away(shard, small("bob"), small("b"));
    Reply.Attached other = away(shard, "other", "a");
    shard.run(publish(small("a"), 1));
    shard.run(publish(small("b"), 1));
    shard.run(publish(small("b"), 1));

    shard.run(publish(small("b"), 1));
    shard.run(publish("a", 1));

    assertEquals(List.of(2L, 3L), sequences(shard.session(bob)));
    assertEquals(List.of(1L), sequences(shard.session(alice)));
    assertEquals(List.of(1L), sequences(shard.session(other)));
    assertEquals(300, shard.state.load(SMALL).queueBytes());
  }

  @Test
  void publish_namespaceFullOfOthers_theNewOneGoes() {
    ShardModel shard = bounded(DROPPING, 300);
    Reply.Attached alice = away(shard, small("alice"), small("a"));
    away(shard, small("bob"), small("b"));
    for (int i = 0; i < 3; i++) {
      shard.run(publish(small("b"), 1));
    }

    assertEquals(Reply.DONE, shard.run(publish(small("a"), 1)).reply());

    assertEquals(List.of(), sequences(shard.session(alice)));
    assertEquals(1, shard.session(alice).dropped());
  }

  /** One message for many is many in their queues. */
  @Test
  void publish_toManySessionsOfANamespace_asManyAsThereIsRoomFor() {
    ShardModel shard = bounded(DROPPING, 300);
    for (int i = 0; i < 5; i++) {
      away(shard, small("client-" + i), SMALL_T);
    }

    Decision decision = shard.run(publish(SMALL_T, 1));

    assertEquals(3, queued(decision).size());
    assertEquals(300, shard.state.load(SMALL).queueBytes());
  }

  @Test
  void enqueue_namespaceFull_doesNotFit() {
    ShardModel shard = bounded(DROPPING, 300);
    Reply.Attached alice = shard.ask(Reply.Attached.class, ShardModel.attach(small("alice"), 1));
    List<Publication> page = Collections.nCopies(2, ShardModel.message(small("r"), 1));
    Command.Enqueue enqueue = new Command.Enqueue(alice.session(), alice.epoch(), page, 0, null);

    assertFalse(shard.ask(Reply.Enqueued.class, enqueue).full());
    assertTrue(shard.ask(Reply.Enqueued.class, enqueue).full());
  }

  @Test
  void isFull_refusingAndNamespaceFull_allItsRoutes_untilThereIsRoom() {
    QueueLimits limits = REFUSING.with(Map.of(SMALL, 300L));
    ShardModel shard = new ShardModel(limits);
    FullSessions full = new FullSessions(shard.state, limits);
    Reply.Attached hoarder = away(shard, small("hoarder"), small("h"));
    away(shard, small("alice"), small("a"));
    away(shard, "other", "a");
    full.subscriptionsChanged(hoarder.session());
    RouteKey ofAlice = new RouteKey(small("a"), "");
    for (int i = 0; i < 3; i++) {
      assertFalse(full.isFull(ofAlice));
      shard.run(publish(small("h"), 1));
      full.queueChanged(hoarder.session());
    }
    assertTrue(full.isFull(ofAlice));
    assertTrue(full.isFull(new RouteKey(small("h"), "")));
    assertFalse(full.isFull(new RouteKey("a", "")));
    assertTrue(full.takeChanged().contains(ofAlice));
    assertTrue(new FullSessions(shard.state, limits).isFull(ofAlice), "the next leader's");

    shard.state.apply(new Change.SessionRemoved(hoarder.session()), body -> {});
    full.subscriptionsChanged(hoarder.session());

    assertFalse(full.isFull(ofAlice));
  }

  @Test
  void decideBy_higherBound_routesAreFreeAgain() {
    QueueLimits limits = REFUSING.with(Map.of(SMALL, 100L));
    ShardModel shard = new ShardModel(limits);
    Reply.Attached alice = away(shard, small("alice"), small("a"));
    shard.run(publish(small("a"), 1));
    FullSessions full = new FullSessions(shard.state, limits);
    RouteKey route = new RouteKey(small("a"), "");
    assertTrue(full.isFull(route));

    full.decideBy(limits.with(Map.of(SMALL, 200L)));

    assertFalse(full.isFull(route));
    assertEquals(1, shard.session(alice).backlog().size());
  }

  /** Whatever happens to sessions and queues, the account of their namespace is right. */
  @Test
  void load_throughALife_isWhatThereIs() {
    ShardModel shard = new ShardModel(DROPPING);
    Reply.Attached alice = shard.ask(Reply.Attached.class, ShardModel.attach(small("alice"), 1));
    Reply.Attached bob = away(shard, small("bob"), small("b"));
    shard.subscribe(
        alice,
        new SubscriptionTerms(
            TopicFilter.parseScoped(small("+")), Qos.EXACTLY_ONCE, false, false, 0));
    for (int i = 0; i < 3; i++) {
      shard.run(publish(small("b"), 2));
    }
    assertEquals(2, shard.state.load(SMALL).sessions());
    assertEquals(600, shard.state.load(SMALL).queueBytes());

    shard.run(new Command.Receive(alice.session(), alice.epoch(), List.of(1L)));
    shard.run(new Command.Acknowledge(alice.session(), alice.epoch(), List.of(1L, 2L)));
    shard.run(publish(small("b"), 2));
    assertEquals(500, shard.state.load(SMALL).queueBytes());

    shard.state.apply(new Change.SessionRemoved(bob.session()), body -> {});
    assertEquals(1, shard.state.load(SMALL).sessions());
    assertEquals(200, shard.state.load(SMALL).queueBytes());
    shard.state.apply(new Change.SessionRemoved(alice.session()), body -> {});
    assertEquals(0, shard.state.load(SMALL).sessions());
    assertEquals(0, shard.state.load(SMALL).queueBytes());
    assertEquals(0, shard.state.load(Namespace.NAMELESS).sessions());
  }
}
