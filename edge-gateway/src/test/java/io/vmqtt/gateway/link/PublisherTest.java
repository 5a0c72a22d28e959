package io.vmqtt.gateway.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.placement.HashRing;
import io.vmqtt.clusterkit.RecordingLink;
import io.vmqtt.gateway.memory.ClientMemory;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.Qos;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.model.UserProperty;
import io.vmqtt.proto.message.v1.PublishRefusal;
import io.vmqtt.proto.message.v1.PublishResults;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.Publish;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PublisherTest {
  private static final int LANE = 2;
  private static final long MAX_BYTES = 10_000;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final LoopMemory memory = new ClientMemory(1 << 20, 1).ofLoop(0);
  private final Publisher publisher =
      new Publisher(LANE, MAX_BYTES, memory, new GatewayMetrics(registry));
  private final RecordingLink<GatewayFrame> linkA = new RecordingLink<>("a");
  private final RecordingLink<GatewayFrame> linkB = new RecordingLink<>("b");
  private final RouterPeer a = new RouterPeer(linkA, LANE + 1);
  private final RouterPeer b = new RouterPeer(linkB, LANE + 1);
  private final List<String> answers = new ArrayList<>();

  @Test
  void publish_severalRouters_allOfOneTopicGoToOne() {
    ring(a, b);
    for (int i = 0; i < 20; i++) {
      publish("topic " + i % 10, 1);
    }

    List<String> atA = topics(linkA);
    List<String> atB = topics(linkB);
    assertEquals(20, atA.size() + atB.size());
    assertTrue(atA.stream().noneMatch(atB::contains));
    assertFalse(atA.isEmpty() || atB.isEmpty(), "both have a share of ten topics");
    for (String topic : atA) {
      assertSame(a, publisher.routerOf(topic));
    }
  }

  @Test
  void publish_atMostOnce_carriesNoNumber() {
    ring(a);

    publisher.publish(message("t", 0, 0), null, null);

    assertEquals(0, flushed(a, linkA).getFirst().getSequence());
  }

  @Test
  void publish_exactlyOnce_carriesItsKey() {
    ring(a);

    publisher.publish(message("t", 2, 0), new PublishKey(-7, 8, 6), reason -> {});

    Publish sent = flushed(a, linkA).getFirst();
    assertEquals(-7, sent.getKey().getProducer());
    assertEquals(8, sent.getKey().getSequence());
    assertEquals(6, sent.getKey().getLowWater());
    assertEquals(LANE, Numbers.laneOf(sent.getSequence()));
  }

  /** What is left is bounded by what may be unanswered; it stops no publisher. */
  @Test
  void handBack_tooMuchIsUnanswered_isRefusedAtOnce() {
    ring(a);
    publisher.publish(message("t", 1, (int) MAX_BYTES), null, reason -> {});
    flushed(a, linkA);

    publisher.handBack(
        message("t", 1, 0),
        new TopicFilter("t", "g"),
        null,
        reason -> answers.add("left " + reason));

    assertEquals(List.of("left QUOTA_EXCEEDED"), answers);
    assertEquals(List.of(), flushed(a, linkA));
  }

  @Test
  void results_ofEveryKind_eachPublisherHearsItsOwn() {
    ring(a);
    publish("safe", 1);
    publish("unmatched", 1);
    publish("refused", 1);
    publish("open", 1);
    List<Publish> sent = flushed(a, linkA);

    publisher.results(
        PublishResults.newBuilder()
            .addSucceeded(sent.get(0).getSequence())
            .addUnmatched(sent.get(1).getSequence())
            .addRefused(
                PublishRefusal.newBuilder()
                    .setSequence(sent.get(2).getSequence())
                    .setReasonCode(0x97))
            .build());

    assertEquals(
        List.of("safe SUCCESS", "unmatched NO_MATCHING_SUBSCRIBERS", "refused QUOTA_EXCEEDED"),
        answers);
  }

  @Test
  void results_sameAgain_areHeardOnce() {
    ring(a);
    publish("t", 1);
    long sequence = flushed(a, linkA).getFirst().getSequence();

    succeeded(sequence);
    succeeded(sequence);

    assertEquals(List.of("t SUCCESS"), answers);
  }

  @Test
  void results_ofAnotherLane_areNotForThisOne() {
    ring(a);
    publish("t", 1);
    long sequence = flushed(a, linkA).getFirst().getSequence();

    succeeded(sequence ^ 1);

    assertEquals(List.of(), answers);
  }

  /** What publishers sent and nobody has answered is memory taken for clients like any other. */
  @Test
  void publish_untilAnswered_countsAsMemoryForClients() {
    publish("held", 1, 1_000);
    long held = memory.bytes();
    ring(a);
    publish("t", 1, 1_000);
    List<Publish> sent = flushed(a, linkA);

    assertTrue(held > 1_000, () -> held + " bytes");
    assertTrue(memory.bytes() > 2_000, () -> memory.bytes() + " bytes");
    sent.forEach(one -> succeeded(one.getSequence()));
    assertEquals(0, memory.bytes());
  }

  // --- changes of the ring ---

  @Test
  void publish_noRouter_heldUntilThereIsOneAndThenInOrder() {
    assertNull(publisher.routerOf("t"));
    publish("t/1", 1);
    publish("t/2", 2);
    publish("t/3", 1);
    assertTrue(publisher.isFull(), "publishers are not read from meanwhile");

    ring(a);

    assertEquals(List.of("t/1", "t/2", "t/3"), topics(linkA));
    assertFalse(publisher.isFull());
  }

  @Test
  void ringChanged_publishesUnderWay_newOnesWaitForTheirAnswers() {
    ring(a);
    publish("t/1", 1);
    publish("t/2", 1);
    List<Publish> sent = flushed(a, linkA);

    ring(a, b);
    for (int i = 3; i <= 12; i++) {
      publish("t/" + i, 1);
    }
    assertEquals(List.of(), topics(linkA));
    assertEquals(List.of(), topics(linkB));
    assertTrue(publisher.isFull());
    succeeded(sent.get(0).getSequence());
    assertEquals(List.of(), topics(linkB), "one of them is still under way");
    succeeded(sent.get(1).getSequence());

    List<String> all = new ArrayList<>(topics(linkA));
    all.addAll(topics(linkB));
    assertEquals(10, all.size());
    assertFalse(publisher.isFull());
  }

  @Test
  void ringChanged_topicsUnderWayStayWhereTheyAre_takesEffectAtOnce() {
    ring(a, b);
    publishTopics();
    List<Publish> atB = flushed(b, linkB);
    flushed(a, linkA).forEach(one -> succeeded(one.getSequence()));

    ring(b);
    publish("new", 1);

    assertEquals(List.of("new"), topics(linkB), "nobody waits for what was at b before");
    assertFalse(atB.isEmpty());
  }

  @Test
  void ringChanged_backAgainWhileAnswersAreOutstanding_nothingIsHeld() {
    ring(a);
    publishTopics();
    flushed(a, linkA);
    ring(a, b);
    publish("new", 1);
    assertTrue(publisher.isFull(), "some topics move to b");

    ring(a);

    assertFalse(publisher.isFull());
    assertEquals(List.of("new"), topics(linkA));
  }

  @Test
  void look_noAnswerForTheTimeOfFailureDetection_isTakenToTheNewRouter() {
    ring(a);
    for (int i = 0; i < 10; i++) {
      publish("t/" + i, 1);
    }
    List<Publish> sent = flushed(a, linkA);
    ring(a, b);
    publish("new", 0);
    for (int i = 1; i < Publisher.LOOKS; i++) {
      publisher.look();
    }
    assertTrue(publisher.isFull());

    publisher.look();

    assertFalse(publisher.isFull());
    List<Long> moved = new ArrayList<>();
    a.flush(LANE);
    for (GatewayFrame frame : linkA.take()) {
      moved.addAll(frame.getMoved().getPublishesList());
    }
    assertFalse(moved.isEmpty());
    assertEquals(
        again(sent.stream().filter(one -> moved.contains(one.getSequence())).toList()),
        flushed(b, linkB).stream().filter(one -> one.getSequence() != 0).toList());
  }

  @Test
  void ringChanged_nothingUnderWay_takesEffectAtOnce() {
    ring(a);
    publish("t", 1);
    succeeded(flushed(a, linkA).getFirst().getSequence());

    ring(b);
    publish("u", 1);

    assertEquals(List.of("u"), topics(linkB));
  }

  @Test
  void ringChanged_routerIsLost_itsPublishesAreSentAgainBeforeNewerOnesInOrder() {
    ring(a);
    for (int i = 1; i <= 20; i++) {
      publish("t/" + i, 1);
    }
    List<Publish> sent = flushed(a, linkA);
    succeeded(sent.get(3).getSequence());
    a.down();
    publish("t/new", 1);
    linkA.take();
    ring(b);

    List<Publish> again = flushed(b, linkB);

    List<Publish> expected = new ArrayList<>(sent);
    expected.remove(3);
    assertEquals(again(expected), again.subList(0, 19), "the same numbers, in their order");
    assertEquals("t/new", again.getLast().getMessage().getTopic());
    assertEquals(20, again.size());
  }

  @Test
  void ringChanged_allRoutersAreLost_everythingIsHeldUntilOneComesBack() {
    ring(a);
    publish("t/1", 1);
    linkA.take();
    a.down();
    ring();
    publish("t/2", 1);
    assertNull(publisher.routerOf("t"));

    RecordingLink<GatewayFrame> newLink = new RecordingLink<>("a");
    RouterPeer back = new RouterPeer(newLink, LANE + 1);
    ring(back);
    back.flush(LANE);

    List<Publish> taken = takePublishes(newLink);
    assertEquals(
        List.of("t/1", "t/2"), taken.stream().map(one -> one.getMessage().getTopic()).toList());
    assertEquals(List.of(true, false), taken.stream().map(Publish::getAgain).toList());
  }

  @Test
  void ringChanged_oneOfTwoIsLost_publishesUnderWayToTheOtherAreNotSentAgain() {
    ring(a, b);
    for (int i = 0; i < 10; i++) {
      publish("topic " + i, 1);
    }
    List<Publish> atA = flushed(a, linkA);
    List<Publish> atB = flushed(b, linkB);
    a.down();

    ring(b);

    assertEquals(again(atA), flushed(b, linkB));
    assertFalse(atB.isEmpty());
  }

  @Test
  void ringChanged_changesBackBeforeItTookEffect_nothingIsLost() {
    ring(a);
    publish("t/1", 1);
    long first = flushed(a, linkA).getFirst().getSequence();
    ring(a, b);
    publish("t/2", 1);
    ring(a);
    succeeded(first);

    assertEquals(List.of("t/2"), topics(linkA));
    assertFalse(publisher.isFull());
  }

  @Test
  void routerOf_ringIsAboutToChange_theNewOneCounts() {
    ring(a);
    publish("t", 1);

    ring(b);

    assertSame(b, publisher.routerOf("anything"));
    assertEquals(List.of(b), publisher.routers());
  }

  // --- bounds ---

  @Test
  void isFull_muchUnanswered_trueUntilItIsAnswered() {
    ring(a);
    publish("t", 1, 6_000);
    assertFalse(publisher.isFull());
    publish("t", 1, 6_000);
    assertTrue(publisher.isFull());

    flushed(a, linkA).forEach(one -> succeeded(one.getSequence()));

    assertFalse(publisher.isFull());
  }

  @Test
  void isFull_userPropertiesAreLarge_theyCount() {
    ring(a);
    MessageProperties large =
        new MessageProperties(
            null, null, null, null, List.of(new UserProperty("n", "v".repeat(11_000))));

    publisher.publish(
        new Message("t", ByteBuffer.allocate(0), Qos.AT_LEAST_ONCE, false, large, 0, 0),
        null,
        reason -> {});

    assertTrue(publisher.isFull());
    a.flush(LANE);
    assertTrue(linkA.bytes.getFirst() > 11_000, "the link has to know it too");
  }

  @Test
  void isFull_linkCongested_true() {
    ring(a, b);
    linkB.room = 0;

    assertTrue(publisher.isFull());
  }

  @Test
  void publish_atMostOnceWhileMuchIsHeld_isShed() {
    publish("t", 1, 12_000);

    publisher.publish(message("q0", 0, 0), null, null);
    ring(a);

    assertEquals(List.of("t"), topics(linkA));
    assertEquals(1, registry.get("vmqtt.gateway.shed").functionCounter().count());
  }

  @Test
  void publish_atMostOnceWhileLittleIsHeld_isHeldToo() {
    publisher.publish(message("q0", 0, 0), null, null);
    ring(a);

    assertEquals(List.of("q0"), topics(linkA));
    publish("t", 1, 9_000);
    assertFalse(publisher.isFull(), "what was held no longer counts");
  }

  private void publish(String topic, int qos) {
    publish(topic, qos, 0);
  }

  private void publish(String topic, int qos, int payloadBytes) {
    PublishKey key = qos == 2 ? new PublishKey(1, 1, 1) : null;
    publish(message(topic, qos, payloadBytes), key);
  }

  private void publish(Message message, @Nullable PublishKey key) {
    publisher.publish(message, key, reason -> answers.add(message.topic() + ' ' + reason));
  }

  private static Message message(String topic, int qos, int payloadBytes) {
    return new Message(
        topic, ByteBuffer.allocate(payloadBytes), Qos.of(qos), false, MessageProperties.NONE, 0, 0);
  }

  private void publishTopics() {
    for (int i = 0; i < 10; i++) {
      publish("topic " + i, 1);
    }
  }

  private void ring(RouterPeer... routers) {
    publisher.ringChanged(HashRing.of(List.of(routers), router -> router.nodeId));
  }

  private void succeeded(long sequence) {
    publisher.results(PublishResults.newBuilder().addSucceeded(sequence).build());
  }

  private List<String> topics(RecordingLink<GatewayFrame> link) {
    return flushed(link == linkA ? a : b, link).stream()
        .map(one -> one.getMessage().getTopic())
        .toList();
  }

  private static List<Publish> flushed(RouterPeer router, RecordingLink<GatewayFrame> link) {
    router.flush(LANE);
    List<Publish> publishes = takePublishes(link);
    publishes.forEach(publish -> assertNotNull(publish.getMessage()));
    return publishes;
  }

  /** As they are sent to the next router: some of their destinations may have them. */
  private static List<Publish> again(List<Publish> publishes) {
    return publishes.stream().map(one -> one.toBuilder().setAgain(true).build()).toList();
  }

  /** Since the last call. */
  private static List<Publish> takePublishes(RecordingLink<GatewayFrame> link) {
    return link.take(GatewayFrame::hasPublish, GatewayFrame::getPublish);
  }

  @Test
  void publish_manyAtOnce_oneIsMeasured() {
    ring(a);
    for (int i = 0; i < 20; i++) {
      publish("t", 1);
    }
    List<Publish> sent = flushed(a, linkA);

    long measured =
        sent.stream().filter(one -> one.getMessage().getMeasuredAtMicros() != 0).count();
    assertTrue(sent.getFirst().getMessage().getMeasuredAtMicros() != 0);
    assertTrue(measured < 20, () -> measured + " of 20 are measured");
  }

  @Test
  void results_ofAMeasuredPublish_areRecordedAndPassedOn() {
    ring(a);
    publish("t", 1);

    publisher.results(
        PublishResults.newBuilder()
            .addSucceeded(flushed(a, linkA).getFirst().getSequence())
            .build());

    assertEquals(1, answers.size());
    assertEquals(1, registry.get("vmqtt.gateway.publish.acknowledge").timer().count());
  }
}
