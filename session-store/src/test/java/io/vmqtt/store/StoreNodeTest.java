package io.vmqtt.store;

import static io.vmqtt.store.FakeRouter.beginInbound;
import static io.vmqtt.store.FakeRouter.client;
import static io.vmqtt.store.FakeRouter.detach;
import static io.vmqtt.store.FakeRouter.message;
import static io.vmqtt.store.FakeRouter.receive;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.proto.message.v1.Durability;
import io.vmqtt.proto.message.v1.IdempotencyKey;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.proto.session.v1.Delivery;
import io.vmqtt.proto.session.v1.DeliveryTarget;
import io.vmqtt.proto.session.v1.Detach;
import io.vmqtt.proto.session.v1.Disconnect;
import io.vmqtt.proto.session.v1.Enqueue;
import io.vmqtt.proto.session.v1.Enqueued;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.Mark;
import io.vmqtt.proto.session.v1.ReadRetained;
import io.vmqtt.proto.session.v1.Resume;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.session.v1.Will;
import io.vmqtt.store.config.StoreConfig;
import io.vmqtt.store.storage.DataFolderException;
import io.vmqtt.testkit.conformance.Conforms;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store from end to end: a router's link, Raft, RocksDB. */
class StoreNodeTest {
  private static final long GATEWAY = 77;

  @TempDir Path data;
  private StoreHarness store;
  private FakeRouter router;
  private Registration gateway;

  @BeforeEach
  void start() throws Exception {
    store = new StoreHarness(data);
    gateway = store.gateway(GATEWAY);
    router = store.router("router-1");
  }

  @AfterEach
  void stop() throws Exception {
    router.close();
    store.close();
  }

  private void restart() throws Exception {
    stop();
    start();
  }

  private static DeliveryTarget only(Delivery delivery) {
    assertEquals(1, delivery.getTargetsCount());
    return delivery.getTargets(0);
  }

  @Test
  void publish_subscriberAttached_delivered() throws Exception {
    Attached session = router.attach(client("alice", GATEWAY, 1));
    assertEquals(
        List.of(false), router.subscribe(session, "a/+", 1).getSubscribed().getExistedList());
    assertEquals(1, router.routes.get("a/+"));

    router.publishSafely(message("a/b", 1, "hello"));

    Delivery delivery = router.delivery();
    assertEquals(GATEWAY, delivery.getGateway());
    assertEquals("hello", delivery.getMessage().getPayload().toStringUtf8());
    DeliveryTarget target = only(delivery);
    assertEquals(1, target.getConnection());
    assertEquals(1, target.getSequence());
    assertEquals(2, target.getPacketId());
    assertEquals(1, target.getQos());
    assertFalse(target.getDup());
  }

  /** Its publisher wants to know that it is published, and nobody to keep it. */
  @Test
  void publish_policyWithoutDurability_confirmedAndGivenToWhoIsThere() throws Exception {
    Attached alice = router.attach(client("alice", GATEWAY, 1));
    router.subscribe(alice, "t", 1);
    Attached bob = router.attach(client("bob", GATEWAY, 2));
    router.subscribe(bob, "t", 1);
    router.ask(detach(bob, Detach.Cause.CAUSE_NORMAL, 0));

    router.publishSafely(
        message("t", 1, "now or never").toBuilder()
            .setDurability(Durability.DURABILITY_NONE)
            .build());

    assertEquals(0, only(router.delivery()).getQos());
    assertEquals(0, store.node.status().getFirst().queued());
  }

  @Test
  void publish_twoSubscribersOfOneGateway_oneFrame() throws Exception {
    Attached alice = router.attach(client("alice", GATEWAY, 1));
    Attached bob = router.attach(client("bob", GATEWAY, 2));
    router.subscribe(alice, "t", 1);
    router.subscribe(bob, "t", 2);

    router.publishSafely(message("t", 2, "x"));

    Delivery delivery = router.delivery();
    assertEquals(
        List.of(1, 2), delivery.getTargetsList().stream().map(DeliveryTarget::getQos).toList());
    assertNull(router.deliveries.poll());
  }

  @Test
  void publish_qosZero_deliveredWithoutSequence() throws Exception {
    Attached alice = router.attach(client("alice", GATEWAY, 1));
    router.subscribe(alice, "t", 1);
    router.publish(message("t", 0, "x"), null);
    assertEquals(0, only(router.delivery()).getSequence());
  }

  @Test
  void publish_moreThanReceiveMaximum_waitsForAcknowledgements() throws Exception {
    Attached alice = router.attach(client("alice", GATEWAY, 1).setReceiveMaximum(2));
    router.subscribe(alice, "t", 1);
    for (int i = 0; i < 200; i++) {
      router.publish(message("t", 1, "m" + i), null);
    }
    router.awaitCommitted(200);
    for (int i = 0; i < 200; i++) {
      Delivery next = router.delivery();
      assertEquals("m" + i, next.getMessage().getPayload().toStringUtf8());
      assertTrue(router.deliveries.size() <= 1, "more than two unacknowledged");
      router.acknowledge(alice, only(next).getSequence());
    }
  }

  @Test
  @Conforms(
      v311 = {"MQTT-3.3.1-1", "MQTT-4.4.0-1"},
      v5 = {"MQTT-3.3.1-1", "MQTT-4.4.0-1"})
  void attach_afterRestart_everythingThatWasNotAcknowledged() throws Exception {
    Attached alice = router.attach(client("alice", GATEWAY, 1));
    router.subscribe(alice, "t", 1);
    for (int i = 0; i < 100; i++) {
      router.publish(message("t", 1, "m" + i), null);
    }
    router.awaitCommitted(100);
    for (int i = 0; i < 20; i++) {
      router.acknowledge(alice, only(router.delivery()).getSequence());
    }
    router.ask(detach(alice, Detach.Cause.CAUSE_NORMAL, 30));

    restart();

    Attached again = router.attach(client("alice", GATEWAY, 2).setReceiveMaximum(1000));
    assertTrue(again.getSessionPresent());
    assertTrue(again.getEpoch() > alice.getEpoch());
    for (int i = 20; i < 100; i++) {
      Delivery next = router.delivery();
      assertEquals("m" + i, next.getMessage().getPayload().toStringUtf8());
      DeliveryTarget target = only(next);
      assertEquals(i + 1, target.getSequence());
      assertEquals(i + 1 <= 30, target.getDup(), "DUP of " + i);
    }
    router.publishSafely(message("t", 1, "new"));
    assertEquals(101, only(router.delivery()).getSequence());
  }

  @Test
  void attach_fromElsewhere_disconnectsTheFirst() throws Exception {
    Attached first = router.attach(client("alice", GATEWAY, 1));
    Attached second = router.attach(client("alice", 88, 5));

    Disconnect disconnect = FakeRouter.poll(router.disconnects);
    assertEquals(GATEWAY, disconnect.getGateway());
    assertEquals(1, disconnect.getConnection());
    assertEquals(0x8E, disconnect.getReasonCode());
    assertTrue(second.getSessionPresent());
    ShardReply stale = router.subscribe(first, "t", 1);
    assertEquals(Failure.Reason.REASON_NOT_OWNER, stale.getFailure().getReason());
  }

  @Test
  void attach_sameConnectionAgain_sameAnswer() throws Exception {
    Attached first = router.attach(client("alice", GATEWAY, 1));
    assertEquals(first, router.attach(client("alice", GATEWAY, 1)));
    assertNull(router.disconnects.poll());
  }

  @Test
  @Conforms(v311 = "MQTT-3.1.2-6", v5 = "MQTT-3.1.2-4")
  void attach_cleanStart_dropsSessionAndRoutes() throws Exception {
    Attached first = router.attach(client("alice", GATEWAY, 1));
    router.subscribe(first, "t", 1);
    router.ask(detach(first, Detach.Cause.CAUSE_NORMAL, 0));
    router.publishSafely(message("t", 1, "old"));

    Attached clean = router.attach(client("alice", GATEWAY, 2).setCleanStart(true));

    assertFalse(clean.getSessionPresent());
    assertNotEquals(first.getSession(), clean.getSession());
    router.publishSafely(message("t", 1, "nobody"));
    assertEquals(0, router.routes.get("t"));
    assertNull(router.deliveries.poll());
  }

  @Test
  @Conforms(v311 = "MQTT-4.3.3-1", v5 = "MQTT-4.3.3-6")
  void receive_thenReattach_releaseInsteadOfMessage() throws Exception {
    Attached alice = router.attach(client("alice", GATEWAY, 1));
    router.subscribe(alice, "t", 2);
    router.publishSafely(message("t", 2, "x"));
    long sequence = only(router.delivery()).getSequence();
    ShardReply received = router.ask(receive(alice, sequence));
    assertTrue(received.hasDone());

    restart();
    router.attach(client("alice", GATEWAY, 2));

    Delivery release = router.delivery();
    assertFalse(release.hasMessage());
    assertTrue(only(release).getRelease());
    assertEquals(sequence, only(release).getSequence());
    assertFalse(only(release).getDup());
  }

  @Test
  void publish_sameKeyTwice_queuedOnce() throws Exception {
    Attached alice = router.attach(client("alice", GATEWAY, 1));
    router.subscribe(alice, "t", 2);
    IdempotencyKey key =
        IdempotencyKey.newBuilder().setProducer(5).setSequence(1).setLowWater(1).build();
    router.awaitCommitted(router.publish(message("t", 2, "x"), key));
    restart();
    router.awaitCommitted(router.publish(message("t", 2, "x"), key));
    router.attach(client("alice", GATEWAY, 2));
    router.delivery();
    router.publishSafely(message("t", 1, "marker"));
    assertEquals("marker", router.delivery().getMessage().getPayload().toStringUtf8());
  }

  @Test
  void beginInbound_repeatedPacketId_firstKey() throws Exception {
    Attached alice = router.attach(client("alice", GATEWAY, 1));
    ShardRequest.Builder begin = beginInbound(alice, 9);
    IdempotencyKey first = router.ask(begin).getInboundBegun().getKey();
    assertEquals(first, router.ask(begin).getInboundBegun().getKey());
    assertEquals(1, first.getSequence());
    assertNotEquals(0, first.getProducer());
  }

  @Test
  void resume_afterLinkBreak_restOfTheQueueWithoutDup() throws Exception {
    Attached alice = router.attach(client("alice", GATEWAY, 1));
    router.subscribe(alice, "t", 1);
    router.publishSafely(message("t", 1, "one"));
    router.delivery();
    FakeRouter other = store.router("router-2");
    router.close();
    other.publishSafely(message("t", 1, "two"));

    ShardReply resumed =
        other.ask(
            ShardRequest.newBuilder()
                .setResume(
                    Resume.newBuilder()
                        .setSession(alice.getSession())
                        .setEpoch(alice.getEpoch())
                        .setReceivedThrough(1)));

    assertTrue(resumed.hasDone());
    Delivery next = other.delivery();
    assertEquals("two", next.getMessage().getPayload().toStringUtf8());
    assertFalse(only(next).getDup());
    other.close();
  }

  @Test
  void subscribe_routerHasNotConfirmed_noAnswerUntilItHas() throws Exception {
    FakeRouter slow = store.router("router-2");
    slow.confirmsRoutes = false;
    Attached alice = router.attach(client("alice", GATEWAY, 1));
    CompletableFuture<ShardReply> subscribed =
        router.request(
            ShardRequest.newBuilder()
                .setSubscribe(
                    io.vmqtt.proto.session.v1.Subscribe.newBuilder()
                        .setSession(alice.getSession())
                        .setEpoch(alice.getEpoch())
                        .addSubscriptions(
                            io.vmqtt.proto.session.v1.Subscription.newBuilder()
                                .setFilter("x")
                                .setMaximumQos(1))));
    // A later answer on the same link: had the first one been due, it would have come before.
    router.attach(client("bob", GATEWAY, 2));
    assertFalse(subscribed.isDone());
    assertTrue(FakeRouter.poll(slow.routeUpdates).getReset());
    assertEquals("x", FakeRouter.poll(slow.routeUpdates).getChanges(0).getFilter());
    slow.confirmRoutes();
    assertTrue(subscribed.get(20, TimeUnit.SECONDS).hasSubscribed());
    slow.close();
  }

  @Test
  void gatewayGone_attachmentEndsAndWillIsPublished() throws Exception {
    Will will = Will.newBuilder().setMessage(message("will/t", 1, "gone")).build();
    router.attach(client("alice", GATEWAY, 1).setWill(will));
    gateway.close();

    Publish published = FakeRouter.poll(router.wills);
    assertEquals("will/t", published.getMessage().getTopic());
    router.answerWill(published.getSequence());
    Attached again = router.attach(client("alice", 88, 2));
    assertTrue(again.getSessionPresent());
    assertNull(router.disconnects.poll());
  }

  @Test
  @Conforms(v311 = "MQTT-3.14.4-3", v5 = "MQTT-3.14.4-3")
  void detach_normal_noWill() throws Exception {
    Will will = Will.newBuilder().setMessage(message("will/t", 1, "gone")).build();
    Attached alice = router.attach(client("alice", GATEWAY, 1).setWill(will));
    router.ask(detach(alice, Detach.Cause.CAUSE_NORMAL, 0));
    Attached bob = router.attach(client("bob", GATEWAY, 2).setWill(will));
    router.ask(detach(bob, Detach.Cause.CAUSE_ABNORMAL, 0));
    FakeRouter.poll(router.wills);
    assertNull(router.wills.poll(), "only bob's");
  }

  @Test
  @Conforms(
      v311 = {"MQTT-3.3.1-5", "MQTT-3.3.1-10"},
      v5 = {"MQTT-3.3.1-5", "MQTT-3.3.1-6"})
  void retained_storedReadAndDeleted() throws Exception {
    for (int i = 0; i < 5; i++) {
      router.publishSafely(message("r/" + i, 1, "v" + i).toBuilder().setRetain(true).build());
    }
    router.publishSafely(message("r/3", 1, "").toBuilder().setRetain(true).build());
    restart();
    ShardRequest.Builder read =
        ShardRequest.newBuilder()
            .setReadRetained(ReadRetained.newBuilder().setFilter("r/#").setMaxBytes(80));
    ShardReply first = router.ask(read);
    assertEquals("r/1", first.getRetainedPage().getThrough());
    List<String> topics =
        first.getRetainedPage().getMessagesList().stream().map(Message::getTopic).toList();
    assertEquals(List.of("r/0", "r/1"), topics);
    ShardReply second =
        router.ask(
            ShardRequest.newBuilder()
                .setReadRetained(
                    ReadRetained.newBuilder()
                        .setFilter("r/#")
                        .setAfterTopic("r/1")
                        .setMaxBytes(10_000)));
    assertEquals(
        List.of("r/2", "r/4"),
        second.getRetainedPage().getMessagesList().stream().map(Message::getTopic).toList());
    assertEquals("", second.getRetainedPage().getThrough());
  }

  @Test
  void enqueue_retainedMessages_delivered() throws Exception {
    Attached alice = router.attach(client("alice", GATEWAY, 1));
    Mark mark = enqueue(alice, Mark.getDefaultInstance()).getMark();
    Enqueued answer = enqueue(alice, mark, message("r", 1, "x"));
    assertFalse(answer.getStale());
    DeliveryTarget target = only(router.delivery());
    assertTrue(target.getRetain());
    assertEquals(target.getSequence(), answer.getLastSequence());
    assertEquals(List.of(7), target.getSubscriptionIdentifiersList());
  }

  private Enqueued enqueue(Attached session, Mark mark, Message... messages) throws Exception {
    return router
        .ask(
            ShardRequest.newBuilder()
                .setEnqueue(
                    Enqueue.newBuilder()
                        .setSession(session.getSession())
                        .setEpoch(session.getEpoch())
                        .setSubscriptionIdentifier(7)
                        .setMark(mark)
                        .addAllMessages(List.of(messages))))
        .getEnqueued();
  }

  private static Message retained(String topic, String payload) {
    return message(topic, 1, payload).toBuilder().setRetain(true).build();
  }

  /** It was read before the live one came: behind it, it would be a step back. */
  @Test
  void enqueue_liveMessageOfTheTopicSinceTheMark_leftOut() throws Exception {
    Attached alice = router.attach(client("alice", GATEWAY, 1));
    Mark mark = enqueue(alice, Mark.getDefaultInstance()).getMark();
    router.publishSafely(retained("r", "new"));
    enqueue(alice, mark, retained("r", "old"), retained("other", "x"));
    assertEquals("other", router.delivery().getMessage().getTopic());
    assertNull(router.deliveries.poll());
  }

  /** What a member of a share group has left is for another alone, and may be old. */
  @Test
  void enqueue_messageForAShareAloneSinceTheMark_notLeftOut() throws Exception {
    Attached alice = router.attach(client("alice", GATEWAY, 1));
    Mark mark = enqueue(alice, Mark.getDefaultInstance()).getMark();
    router.leaveSafely(retained("r", "old"));
    enqueue(alice, mark, retained("r", "new"));
    assertEquals("new", text(router.delivery().getMessage()));
  }

  /** Its client lost the right to it, and others of the group have it. */
  @Test
  void acknowledge_withheldThatCameByAShareGroup_isPublishedToTheGroup() throws Exception {
    Attached alice = router.attach(client("alice", GATEWAY, 1));
    router.subscribe(alice, "$share/g/t", 1);
    router.subscribe(alice, "own", 1);
    router.publishSafely(message("own", 1, "for alice"));
    router.leaveSafely(message("t", 1, "a job"));
    long own = only(router.delivery()).getSequence();
    long job = only(router.delivery()).getSequence();

    router.withhold(alice, own);
    router.withhold(alice, job);

    Publish handedOn = FakeRouter.poll(router.wills);
    assertEquals("a job", text(handedOn.getMessage()));
    assertTrue(handedOn.getLeft());
    assertEquals("g", handedOn.getShares(0).getGroup());
    router.answerWill(handedOn.getSequence());
    Attached again = router.attach(client("alice", GATEWAY, 2));
    assertTrue(again.getSessionPresent());
    router.publishSafely(message("own", 1, "next"));
    assertEquals("next", text(router.delivery().getMessage()), "both have left the queue");
    assertNull(router.wills.poll());
  }

  @Test
  void enqueue_markOfAnotherLeadership_stale() throws Exception {
    Attached alice = router.attach(client("alice", GATEWAY, 1));
    Mark mark = enqueue(alice, Mark.getDefaultInstance()).getMark();
    Mark other = mark.toBuilder().setLeadership(mark.getLeadership() + 1).build();
    Enqueued answer = enqueue(alice, other, retained("r", "x"));
    assertTrue(answer.getStale());
    assertEquals(mark, answer.getMark());
    assertNull(router.deliveries.poll());
  }

  private static ShardRequest.Builder read(String topic) {
    return ShardRequest.newBuilder()
        .setReadRetained(ReadRetained.newBuilder().addTopics(topic).setMaxBytes(10_000));
  }

  /** Before, a subscriber may still be on its way to hear of what was before. */
  @Test
  void readRetained_valueThatSubscribersLack_waitsUntilTheyHaveIt() throws Exception {
    router.settles = false;
    router.publishSafely(retained("r", "x"));
    CompletableFuture<ShardReply> reading = router.request(read("r"));
    assertEquals(0, router.ask(read("nothing")).getRetainedPage().getMessagesCount());
    assertFalse(reading.isDone());
    router.settle(router.lastPublish.get());
    assertEquals("x", text(reading.get(20, TimeUnit.SECONDS).getRetainedPage().getMessages(0)));
  }

  /** A router that lets subscribers wait for good holds nobody else up for good. */
  @Test
  void readRetained_subscribersNeverHaveIt_answeredAllTheSame() throws Exception {
    router.settles = false;
    router.publishSafely(retained("r", "x"));
    assertEquals("x", text(router.ask(read("r")).getRetainedPage().getMessages(0)));
  }

  private static String text(Message message) {
    return message.getPayload().toStringUtf8();
  }

  @Test
  void publish_invalidTopic_refusedInItsTurn() throws Exception {
    router.publish(message("t", 1, "good"), null);
    router.publish(message("bad/#", 1, "x"), null);
    long last = router.publish(message("t", 1, "good"), null);
    int refused = 0;
    long through = 0;
    while (through < last) {
      var next = FakeRouter.poll(router.committed);
      refused += next.getRefusedCount();
      through = next.getThrough();
    }
    assertEquals(1, refused);
  }

  @Test
  void open_folderInUse_oneClearLine() {
    DataFolderException problem =
        assertThrows(
            DataFolderException.class,
            () ->
                new StoreNode(
                    StoreConfig.defaults(data),
                    store.discovery,
                    store.facts,
                    new SimpleMeterRegistry(),
                    LinkOptions.IN_PROCESS,
                    null,
                    Replication.NONE));
    assertTrue(String.valueOf(problem.getMessage()).contains("in use by another process"));
  }

  /** What it has acknowledged lies in a log that no other store gets anything of. */
  @Test
  void open_folderThatNeverHasReplicasInACluster_oneClearLine() throws Exception {
    router.attach(client("alice", GATEWAY, 1));
    router.close();
    store.close();
    DataFolderException problem =
        assertThrows(
            DataFolderException.class,
            () -> new StoreHarness(StoreConfig.defaults(data), 1, Replication.POSSIBLE).close());
    String line = String.valueOf(problem.getMessage());
    assertEquals(1, line.lines().count(), line);
    assertTrue(line.contains(data + " was begun by 'vmqtt standalone'"), line);
    store = new StoreHarness(data); // and it is unlocked, and as it was
    router = store.router("router-2");
    assertTrue(router.attach(client("alice", GATEWAY, 2)).getSessionPresent());
  }

  @Test
  void meters_afterTraffic_count() throws Exception {
    Attached alice = router.attach(client("alice", GATEWAY, 1));
    router.subscribe(alice, "t", 1);
    IntStream.range(0, 10).forEach(i -> router.publish(message("t", 1, "x"), null));
    router.awaitCommitted(10);
    assertEquals(10, store.meters.get("vmqtt.store.messages.queued").functionCounter().count());
    assertEquals(1, store.meters.get("vmqtt.store.shards.led").gauge().value());
  }
}
