package io.vmqtt.store.session;

import static io.vmqtt.store.session.ShardModel.attach;
import static io.vmqtt.store.session.ShardModel.message;
import static io.vmqtt.store.session.ShardModel.publish;
import static io.vmqtt.store.session.ShardModel.queued;
import static io.vmqtt.store.session.ShardModel.terms;
import static io.vmqtt.store.session.ShardModel.will;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.ClientId;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardRulesTest {
  private final ShardModel shard = new ShardModel();

  // ---- attach and detach

  @Test
  @Conforms(
      v311 = "MQTT-3.2.2-3",
      v5 = {"MQTT-3.1.2-6", "MQTT-3.2.2-3"})
  void attach_unknownClient_newSession() {
    Reply.Attached attached = shard.attached("alice", 1);
    assertFalse(attached.sessionPresent());
    assertTrue(shard.session(attached).header().attached());
  }

  @Test
  void attach_again_epochGrows() {
    Reply.Attached first = shard.attached("alice", 1);
    Reply.Attached second = shard.attached("alice", 2);
    assertEquals(first.session(), second.session());
    assertTrue(second.sessionPresent());
    assertTrue(second.epoch() > first.epoch());
  }

  @Test
  void attach_afterTransientSessionEnded_epochStillGrows() {
    Reply.Attached first = shard.ask(Reply.Attached.class, attach("alice", 1, true, 0, null));
    shard.detach(first, true, 0);
    assertNull(shard.state.sessionOf("alice"));
    Reply.Attached second = shard.attached("alice", 2);
    assertFalse(second.sessionPresent());
    assertTrue(second.epoch() > first.epoch());
    assertNotEquals(first.session(), second.session());
  }

  @Test
  @Conforms(v311 = "MQTT-3.1.4-2", v5 = "MQTT-3.1.4-3")
  void attach_whileAttached_otherConnectionIsReplaced() {
    shard.attached("alice", 1);
    Decision decision = shard.run(attach("alice", 2));
    assertTrue(decision.changes().contains(new Change.ConnectionReplaced(7, 1)));
  }

  @Test
  void attach_olderConnectionOfTheSameGateway_refused() {
    shard.attached("alice", 2);
    Reply.Failure failure = shard.ask(Reply.Failure.class, attach("alice", 1));
    assertEquals(Reply.Reason.NOT_OWNER, failure.reason());
  }

  /** It was answered before, by another way, and its client has gone on elsewhere. */
  @Test
  void attach_copyThatComesLate_changesNothing() {
    PublishKey key = new PublishKey(70, 1, 1);
    Command first = new Command.Attach("alice", 7, 1, true, 60, 10, null, key);
    shard.run(first);
    Reply.Attached elsewhere =
        shard.ask(
            Reply.Attached.class, new Command.Attach("alice", 8, 1, false, 60, 10, null, null));

    Decision late = shard.run(first);

    assertTrue(late.reply() instanceof Reply.Failure);
    assertEquals(elsewhere.epoch(), shard.session(elsewhere).header().epoch());
  }

  @Test
  void attach_copyWhileItOwnsTheSession_sameAnswer() {
    Command first = new Command.Attach("alice", 7, 1, true, 60, 10, null, new PublishKey(70, 1, 1));

    assertEquals(shard.run(first).reply(), shard.run(first).reply());
  }

  @Test
  @Conforms(
      v311 = {"MQTT-3.1.2-6", "MQTT-3.1.4-3", "MQTT-3.2.2-1"},
      v5 = {"MQTT-3.1.2-4", "MQTT-3.1.4-4", "MQTT-3.2.2-2"})
  void attach_cleanStart_sessionIsNew() {
    Reply.Attached first = shard.attached("alice", 1, "t");
    shard.detach(first, true, 0);
    shard.run(publish("t", 1));
    Reply.Attached clean = shard.ask(Reply.Attached.class, attach("alice", 2, true, 3600, null));
    assertFalse(clean.sessionPresent());
    assertEquals(0, shard.state.queued());
    assertTrue(shard.state.routes().isEmpty());
  }

  @Test
  @Conforms(v5 = "MQTT-4.1.0-2")
  void attach_afterExpiry_sessionIsNewEvenBeforeTheTick() {
    Reply.Attached first = shard.attached("alice", 1, "t");
    shard.detach(first, true, 0);
    shard.nowMillis += 3_600_000;
    assertFalse(shard.attached("alice", 2).sessionPresent());
  }

  @Test
  void owned_staleEpoch_notOwner() {
    Reply.Attached first = shard.attached("alice", 1);
    shard.attached("alice", 2);
    for (Command stale :
        List.of(
            new Command.Subscribe(first.session(), first.epoch(), List.of(terms("t", 1))),
            new Command.Acknowledge(first.session(), first.epoch(), List.of(1L)),
            new Command.Receive(first.session(), first.epoch(), List.of(1L)),
            new Command.BeginInbound(first.session(), first.epoch(), 1),
            new Command.EndInbound(first.session(), first.epoch(), 1),
            new Command.Enqueue(first.session(), first.epoch(), List.of(), 0, null),
            new Command.Detach(first.session(), first.epoch(), true, null, 0))) {
      Decision decision = shard.run(stale);
      assertEquals(
          Reply.Reason.NOT_OWNER, ((Reply.Failure) decision.reply()).reason(), stale.toString());
      assertEquals(List.of(), decision.changes());
    }
  }

  /** What it has may be replaced, and what is named twice counts once. */
  @Test
  void subscribe_sessionIsFull_onlyNewOnesHaveNoRoom() {
    Reply.Attached alice = shard.attached("alice", 1, "a", "b");

    Decision decision =
        shard.run(
            new Command.Subscribe(
                alice.session(),
                alice.epoch(),
                List.of(terms("c", 1), terms("c", 2), terms("d", 1), terms("a", 2), terms("d", 1)),
                3));

    assertEquals(
        new Reply.Subscribed(List.of(false, true, false, true, false), List.of(2, 4)),
        decision.reply());
    assertEquals(3, shard.state.routes().size());
  }

  @Test
  @Conforms(v5 = "MQTT-4.1.0-2")
  void detach_newExpiryZero_sessionEnds() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    shard.run(new Command.Detach(alice.session(), alice.epoch(), true, 0L, 0));
    assertNull(shard.state.sessionOf("alice"));
    assertTrue(shard.state.routes().isEmpty());
  }

  @Test
  @Conforms(v5 = "MQTT-4.1.0-2")
  void due_expiryPassed_sessionAndBodiesGo() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    Reply.Attached bob = shard.attached("bob", 2, "t");
    shard.detach(alice, true, 0);
    shard.detach(bob, true, 0);
    shard.run(publish("t", 1));
    shard.nowMillis += 3_599_999;
    shard.run(new Command.Due());
    assertNotNull(shard.state.sessionOf("alice"));
    shard.nowMillis += 1;
    assertTrue(shard.state.nextDueMillis() <= shard.nowMillis);
    shard.run(new Command.Due());
    assertNull(shard.state.sessionOf("alice"));
    assertNull(shard.state.sessionOf("bob"));
    assertEquals(1, shard.released.size());
    assertEquals(Long.MAX_VALUE, shard.state.nextDueMillis());
  }

  // ---- wills

  private List<PendingPublish> armed() {
    return List.copyOf(shard.state.pendingPublishes());
  }

  private Reply.Attached withWill(long delaySeconds, long expirySeconds) {
    return shard.ask(
        Reply.Attached.class, attach("alice", 1, false, expirySeconds, will(delaySeconds)));
  }

  @Test
  @Conforms(
      v311 = {"MQTT-3.1.2-10", "MQTT-3.14.4-3"},
      v5 = {"MQTT-3.1.2-10", "MQTT-3.14.4-3"})
  void detach_normal_willIsGone() {
    shard.detach(withWill(0, 3600), true, 0);
    assertEquals(List.of(), armed());
  }

  @Test
  @Conforms(
      v311 = {"MQTT-3.1.2-8", "MQTT-3.1.2-10"},
      v5 = {"MQTT-3.1.2-8", "MQTT-3.1.2-10"})
  void detach_abnormal_willAtOnce() {
    shard.detach(withWill(0, 3600), false, 0);
    assertEquals(1, armed().size());
    shard.run(new Command.PublishTaken(armed().getFirst().number()));
    assertEquals(List.of(), armed());
  }

  @Test
  @Conforms(v5 = "MQTT-3.1.2-8")
  void detach_abnormalWithDelay_willWhenItIsOver() {
    shard.detach(withWill(10, 3600), false, 0);
    assertEquals(List.of(), armed());
    shard.nowMillis += 10_000;
    shard.run(new Command.Due());
    assertEquals(1, armed().size());
    shard.run(new Command.Due());
    assertEquals(1, armed().size());
  }

  @Test
  @Conforms(v5 = "MQTT-3.1.2-8")
  void detach_sessionEndsBeforeTheDelay_willAtTheEnd() {
    shard.detach(withWill(1000, 5), false, 0);
    shard.nowMillis += 5_000;
    shard.run(new Command.Due());
    assertEquals(1, armed().size());
    assertNull(shard.state.sessionOf("alice"));
  }

  @Test
  @Conforms(v5 = "MQTT-3.1.3-9")
  void attach_withinTheDelay_willIsCalledOff() {
    shard.detach(withWill(10, 3600), false, 0);
    shard.attached("alice", 2);
    shard.nowMillis += 20_000;
    shard.run(new Command.Due());
    assertEquals(List.of(), armed());
  }

  @Test
  void attach_takeOver_willWithoutDelayIsPublished() {
    withWill(0, 3600);
    shard.attached("alice", 2);
    assertEquals(1, armed().size());
  }

  @Test
  @Conforms(v5 = "MQTT-3.1.3-9")
  void attach_takeOver_willWithDelayIsCalledOff() {
    withWill(10, 3600);
    shard.attached("alice", 2);
    assertEquals(List.of(), armed());
  }

  @Test
  void attach_cleanTakeOver_willWithDelayIsPublished() {
    withWill(10, 3600);
    shard.run(attach("alice", 2, true, 3600, null));
    assertEquals(1, armed().size());
  }

  @Test
  void gatewayGone_attachments_endAbnormally() {
    Reply.Attached alice = withWill(0, 3600);
    Reply.Attached bob = shard.attached("bob", 2);
    shard.run(new Command.GatewayGone(7));
    assertFalse(shard.session(alice).header().attached());
    assertFalse(shard.session(bob).header().attached());
    assertEquals(1, armed().size());
    assertTrue(shard.state.gateways().isEmpty());
  }

  // ---- subscriptions

  @Test
  @Conforms(v311 = "MQTT-3.8.4-3", v5 = "MQTT-3.8.4-3")
  void subscribe_equalFilter_replacedAndExisted() {
    Reply.Attached alice = shard.attached("alice", 1);
    assertEquals(List.of(false), shard.subscribe(alice, terms("t", 2)).existed());
    assertEquals(List.of(true), shard.subscribe(alice, terms("t", 1)).existed());
    assertEquals(Qos.AT_LEAST_ONCE, queued(shard.run(publish("t", 2))).getFirst().delivery().qos());
    assertEquals(1, shard.state.routes().get(new RouteKey("t", "")));
  }

  @Test
  void subscribe_sameFilterTwiceInOnePacket_lastWins() {
    Reply.Attached alice = shard.attached("alice", 1);
    assertEquals(
        List.of(false, true), shard.subscribe(alice, terms("t", 2), terms("t", 1)).existed());
    assertEquals(Qos.AT_LEAST_ONCE, queued(shard.run(publish("t", 2))).getFirst().delivery().qos());
  }

  @Test
  @Conforms(v311 = "MQTT-3.10.4-2", v5 = "MQTT-3.10.4-2")
  void unsubscribe_lastSubscription_routeGoes() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    shard.state.takeChangedRoutes();
    Reply.Unsubscribed reply =
        shard.ask(
            Reply.Unsubscribed.class,
            new Command.Unsubscribe(
                alice.session(),
                alice.epoch(),
                List.of(TopicFilter.parse("t"), TopicFilter.parse("never"))));
    assertEquals(List.of(true, false), reply.existed());
    assertTrue(shard.state.routes().isEmpty());
    assertEquals(1, shard.state.takeChangedRoutes().size());
    assertEquals(List.of(), shard.run(publish("t", 1)).changes());
  }

  @Test
  void subscribe_secondSessionOfAFilter_noNewRoute() {
    shard.attached("alice", 1, "t");
    shard.state.takeChangedRoutes();
    shard.attached("bob", 2, "t");
    assertTrue(shard.state.takeChangedRoutes().isEmpty());
  }

  @Test
  void subscribe_secondMemberOfAShareGroup_routeChanges() {
    shard.attached("alice", 1, "$share/g/t");
    shard.state.takeChangedRoutes();
    shard.attached("bob", 2, "$share/g/t");
    RouteKey key = new RouteKey("t", "g");
    assertTrue(shard.state.takeChangedRoutes().contains(key));
    assertEquals(2, shard.state.routes().get(key));
  }

  // ---- publishes

  @Test
  @Conforms(
      v311 = "MQTT-3.3.5-1",
      v5 = {"MQTT-3.3.4-2", "MQTT-3.3.4-3", "MQTT-3.3.4-4"})
  void publish_overlappingSubscriptions_oneDeliveryHighestQosAllIdentifiers() {
    Reply.Attached alice = shard.attached("alice", 1);
    shard.subscribe(alice, terms("a/#", 0, 5), terms("a/+", 1, 6), terms("+/b", 2));
    List<Change.Queued> entries = queued(shard.run(publish("a/b", 2)));
    assertEquals(1, entries.size());
    assertEquals(Qos.EXACTLY_ONCE, entries.getFirst().delivery().qos());
    assertEquals(List.of(5, 6), entries.getFirst().delivery().identifiers());
  }

  @Test
  @Conforms(v5 = "MQTT-3.8.3-3")
  void publish_noLocal_notToThePublisher() {
    Reply.Attached alice = shard.attached("alice", 1);
    shard.subscribe(
        alice, new SubscriptionTerms(TopicFilter.parse("t"), Qos.AT_LEAST_ONCE, true, false, 0));
    Publication own =
        new Publication(
            "t",
            Qos.AT_LEAST_ONCE,
            false,
            false,
            ClientId.hash64("alice"),
            0,
            10,
            new ShardModel.Text("x"));
    assertEquals(List.of(), shard.run(publish(own)).changes());
    assertEquals(1, queued(shard.run(publish("t", 1))).size());
  }

  @Test
  @Conforms(
      v311 = "MQTT-3.3.1-9",
      v5 = {"MQTT-3.3.1-12", "MQTT-3.3.1-13"})
  void publish_retainAsPublished_flagShown() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    Reply.Attached bob = shard.attached("bob", 2);
    shard.subscribe(
        bob, new SubscriptionTerms(TopicFilter.parse("t"), Qos.AT_LEAST_ONCE, false, true, 0));
    Publication retained =
        new Publication("t", Qos.AT_LEAST_ONCE, true, false, 0, 0, 10, new ShardModel.Text("x"));
    for (Change.Queued entry : queued(shard.run(publish(retained)))) {
      assertEquals(entry.session() != alice.session(), entry.delivery().retain());
    }
  }

  @Test
  void publish_severalSessions_oneBodyUntilTheLastAcknowledges() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    Reply.Attached bob = shard.attached("bob", 2, "t");
    Decision decision = shard.run(publish("t", 1));
    assertEquals(
        1, decision.changes().stream().filter(Change.BodyStored.class::isInstance).count());
    long body = queued(decision).getFirst().body();
    shard.run(new Command.Acknowledge(alice.session(), alice.epoch(), List.of(1L)));
    assertEquals(List.of(), shard.released);
    shard.run(new Command.Acknowledge(bob.session(), bob.epoch(), List.of(1L)));
    assertEquals(List.of(body), shard.released);
  }

  @Test
  void publish_qosZeroSubscription_pushedNotQueued() {
    Reply.Attached alice = shard.attached("alice", 1);
    shard.subscribe(alice, terms("t", 0));
    Decision decision = shard.run(publish("t", 1));
    assertEquals(List.of(), decision.changes());
    assertEquals(1, decision.pushes().size());
    shard.detach(alice, true, 0);
    assertEquals(0, shard.run(publish("t", 1)).pushes().size());
  }

  @Test
  @Conforms(v5 = "MQTT-3.3.2-5")
  void publish_expired_notQueued() {
    shard.attached("alice", 1, "t");
    Publication late =
        new Publication(
            "t", Qos.AT_LEAST_ONCE, false, false, 0, shard.nowMillis, 10, new ShardModel.Text("x"));
    assertEquals(List.of(), shard.run(publish(late)).changes());
  }

  @Test
  @Conforms(
      v311 = {"MQTT-3.3.1-5", "MQTT-3.3.1-10", "MQTT-3.3.1-11"},
      v5 = {"MQTT-3.3.1-5", "MQTT-3.3.1-6", "MQTT-3.3.1-7"})
  void publish_keep_retainedStoredOrDeleted() {
    Command.Publish keep = new Command.Publish(message("t", 1), null, false, true, List.of());
    assertEquals(List.of(new Change.Retained("t", keep.publication())), shard.run(keep).changes());
    Publication empty =
        new Publication("t", Qos.AT_LEAST_ONCE, true, true, 0, 0, 10, new ShardModel.Text(""));
    assertEquals(
        List.of(new Change.Retained("t", null)),
        shard.run(new Command.Publish(empty, null, false, true, List.of())).changes());
  }

  @Test
  void publish_repeatedKey_takenOnce() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    Command.Publish first = keyed(10, 1, 1);
    shard.run(first);
    Decision again = shard.run(first);
    assertEquals(Reply.DONE, again.reply());
    assertEquals(1, shard.session(alice).backlog().size());
    shard.run(keyed(10, 2, 2));
    shard.run(keyed(11, 1, 1));
    assertEquals(3, shard.session(alice).backlog().size());
  }

  @Test
  void publish_lowWaterPasses_keysForgotten() {
    shard.run(keyed(10, 1, 1));
    shard.run(keyed(10, 2, 1));
    Decision decision = shard.run(keyed(10, 3, 3));
    assertTrue(decision.changes().contains(new Change.KeyForgotten(10, 1)));
    assertTrue(decision.changes().contains(new Change.KeyForgotten(10, 2)));
  }

  /** A router that slept sends on what another one has brought home long ago. */
  @Test
  void publish_copyOfAForgottenKey_isNotTakenAgain() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    shard.run(keyed(10, 1, 1));
    shard.run(keyed(10, 2, 2));
    Decision late = shard.run(keyed(10, 1, 1));
    assertEquals(Decision.of(Reply.DONE), late);
    assertEquals(2, shard.session(alice).backlog().size());
  }

  @Test
  void publish_laterEpoch_numbersBeginAnew() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    shard.run(keyed(new PublishKey(10, 1, 1, 1)));
    shard.run(keyed(new PublishKey(10, 2, 1, 1)));

    shard.run(keyed(new PublishKey(10, 1, 1, 2)));
    Decision copy = shard.run(keyed(new PublishKey(10, 1, 1, 2)));

    assertEquals(Decision.of(Reply.DONE), copy);
    assertEquals(3, shard.session(alice).backlog().size());
  }

  /** Its client has gone on with another connection, and may have sent it again there. */
  @Test
  void publish_earlierEpoch_refused() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    shard.run(keyed(new PublishKey(10, 1, 1, 2)));

    Decision late = shard.run(keyed(new PublishKey(10, 5, 5, 1)));

    assertEquals(Decision.of(new Reply.Refused(ReasonCode.UNSPECIFIED_ERROR.value())), late);
    assertEquals(1, shard.session(alice).backlog().size());
  }

  @Test
  void due_producerSilent_keysForgotten() {
    shard.run(keyed(10, 1, 1));
    shard.nowMillis += ShardModel.LIMITS.keyRetentionMillis() + 1;
    assertEquals(List.of(new Change.KeyForgotten(10, 1)), shard.run(new Command.Due()).changes());
    assertNull(shard.state.keysOf(10));
  }

  private static Command.Publish keyed(long producer, long sequence, long lowWater) {
    return keyed(new PublishKey(producer, sequence, lowWater));
  }

  private static Command.Publish keyed(PublishKey key) {
    return new Command.Publish(message("t", 2), key, true, false, List.of());
  }

  @Test
  void publish_share_membersTakeTurnsAttachedOnesOnly() {
    Reply.Attached alice = shard.attached("alice", 1, "$share/g/t");
    Reply.Attached bob = shard.attached("bob", 2, "$share/g/t");
    Reply.Attached carol = shard.attached("carol", 3, "$share/g/t");
    shard.detach(carol, true, 0);
    for (int i = 0; i < 4; i++) {
      shard.run(
          new Command.Publish(message("t", 1), null, true, false, List.of(new RouteKey("t", "g"))));
    }
    assertEquals(2, shard.session(alice).backlog().size());
    assertEquals(2, shard.session(bob).backlog().size());
    assertEquals(0, shard.session(carol).backlog().size());
  }

  /** What a member elsewhere has left is for a member, and not for those that had it before. */
  @Test
  void publish_forAShareAlone_memberGetsItAndNoOtherSubscriber() {
    Reply.Attached alice = shard.attached("alice", 1, "$share/g/t");
    Reply.Attached bob = shard.attached("bob", 2, "t");
    shard.run(
        new Command.Publish(message("t", 1), null, false, false, List.of(new RouteKey("t", "g"))));
    assertEquals(1, shard.session(alice).backlog().size());
    assertEquals(0, shard.session(bob).backlog().size());
  }

  // ---- QoS 2

  @Test
  @Conforms(v311 = "MQTT-4.3.3-1", v5 = "MQTT-4.3.3-6")
  void receive_message_onlyItsReleaseIsLeft() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    shard.attached("bob", 2, "t");
    shard.run(publish("t", 2));
    Command.Receive receive = new Command.Receive(alice.session(), alice.epoch(), List.of(1L));
    assertEquals(1, shard.run(receive).changes().size());
    assertTrue(shard.session(alice).backlog().isReceived(1));
    assertEquals(List.of(), shard.run(receive).changes());
    shard.run(new Command.Acknowledge(alice.session(), alice.epoch(), List.of(1L)));
    assertTrue(shard.session(alice).backlog().isEmpty());
  }

  @Test
  @Conforms(
      v311 = "MQTT-4.3.3-2",
      v5 = {"MQTT-4.3.3-10", "MQTT-4.3.3-12"})
  void beginInbound_openPacketId_sameKey() {
    Reply.Attached alice = shard.attached("alice", 1);
    PublishKey first = begin(alice, 4);
    PublishKey second = begin(alice, 5);
    assertEquals(first, begin(alice, 4));
    assertEquals(first.sequence() + 1, second.sequence());
    assertEquals(first.sequence(), second.lowWater());
    shard.run(new Command.EndInbound(alice.session(), alice.epoch(), 4));
    PublishKey third = begin(alice, 4);
    assertEquals(second.sequence() + 1, third.sequence());
    assertEquals(second.sequence(), third.lowWater());
  }

  @Test
  @Conforms(v311 = "MQTT-4.3.3-2", v5 = "MQTT-4.3.3-10")
  void beginInbound_afterReattach_sameKey() {
    Reply.Attached alice = shard.attached("alice", 1);
    PublishKey first = begin(alice, 4);
    assertEquals(first, begin(shard.attached("alice", 2), 4));
  }

  private PublishKey begin(Reply.Attached session, int packetId) {
    return shard
        .ask(
            Reply.InboundBegun.class,
            new Command.BeginInbound(session.session(), session.epoch(), packetId))
        .key();
  }
}
