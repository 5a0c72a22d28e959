package io.vmqtt.cluster.link;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Two ends of a link over real gRPC. */
class LinkStreamTest {

  @Test
  void up_bothSaidHello_eachKnowsTheOther() {
    try (RecordedEnds ends = RecordedEnds.linked(LinkSettings.calm())) {
      assertEquals(new Peer("router-1", 22, "2.0"), ends.gateway.link().peer());
      assertEquals(new Peer("gateway-1", 11, "1.0"), ends.router.link().peer());
    }
  }

  @Test
  void send_bothWays_arriveInOrderAndOnce() {
    try (RecordedEnds ends = RecordedEnds.linked(new LinkSettings(LinkOptions.IN_PROCESS))) {
      sendAndCompare(ends, 20_000);
    }
  }

  @Test
  void send_bothWaysOverTheNetwork_arriveInOrderAndOnce() throws IOException {
    try (RecordedEnds ends =
        RecordedEnds.linkedOverNetwork(new LinkSettings(LinkOptions.NETWORK))) {
      sendAndCompare(ends, 20_000);
    }
  }

  @Test
  void send_networkWithNarrowWindows_arriveInOrderAndOnce() throws IOException {
    LinkSettings narrow = LinkSettings.calm().batchFrames(3).windowBatches(2).windowBytes(50);
    try (RecordedEnds ends = RecordedEnds.linkedOverNetwork(narrow)) {
      sendAndCompare(ends, 2_000);
    }
  }

  @Test
  void figures_linkThatIsUp_tellItsPeerAndTheLastRoundTrip() {
    RecordedEnds ends = RecordedEnds.linked(LinkSettings.calm());
    try (ends) {
      assertEquals(
          List.of(new LinkFigures("gateway-router", "router-1", null, 0, false)),
          ends.gatewayMetrics.figures());

      ends.sendToRouter(1);
      await().until(() -> ends.gatewayMetrics.figures().getFirst().roundTripMicros() != null);

      assertEquals("gateway-1", ends.routerMetrics.figures().getFirst().peer());
    }
    assertEquals(List.of(), ends.gatewayMetrics.figures());
  }

  @Test
  void send_severalThreads_eachOnesOrderIsKept() throws InterruptedException {
    int threads = 4;
    int each = 2_000;
    try (RecordedEnds ends = RecordedEnds.linked(new LinkSettings(LinkOptions.IN_PROCESS))) {
      List<Thread> senders = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        long base = 1_000_000L * i;
        senders.add(
            Thread.ofPlatform()
                .start(
                    () ->
                        LongStream.range(base, base + each)
                            .forEach(number -> ends.sendToRouter(number))));
      }
      for (Thread sender : senders) {
        sender.join();
      }
      await().until(() -> ends.router.frames.size() >= threads * each);

      List<Long> arrived = ends.atRouter();
      assertEquals(threads * each, arrived.size());
      for (int i = 0; i < threads; i++) {
        long base = 1_000_000L * i;
        List<Long> ofThread =
            arrived.stream().filter(n -> n >= base && n < base + 1_000_000L).toList();
        assertEquals(numbers(base, each), ofThread);
      }
    }
  }

  @Test
  void send_idleLink_leavesAtOnce() {
    // Linger, heartbeat and acknowledgement would take an hour.
    try (RecordedEnds ends = RecordedEnds.linked(LinkSettings.calm())) {
      ends.sendToRouter(1);

      await().until(() -> ends.atRouter().equals(List.of(1L)));
      assertEquals(1, ends.gatewayMetrics.batchesSent.count());
    }
  }

  @Test
  void send_busyLink_framesGatherInOneBatch() {
    try (RecordedEnds ends = RecordedEnds.linked(LinkSettings.calm())) {
      ends.router.hold();
      ends.sendToRouter(1);
      await().until(() -> ends.router.unprocessed.size() == 1);
      ends.sendToRouter(2, 3, 4, 5, 6);
      assertEquals(1, ends.gatewayMetrics.batchesSent.count());

      ends.router.unprocessed.getFirst().run();

      await().until(() -> ends.atRouter().size() == 6);
      assertEquals(2, ends.gatewayMetrics.batchesSent.count());
      assertEquals(6, ends.gatewayMetrics.framesSent.count());
      assertEquals(5, ends.router.batches.getLast().size());
    }
  }

  @Test
  void send_busyLink_aFullBatchDoesNotWait() {
    try (RecordedEnds ends = RecordedEnds.linked(LinkSettings.calm().batchFrames(3))) {
      ends.router.hold();

      ends.sendToRouter(1, 2, 3, 4, 5);

      await().until(() -> ends.atRouter().equals(List.of(1L, 2L, 3L, 4L)));
      assertEquals(2, ends.router.batches.size());
    }
  }

  @Test
  void send_severalBatchesMayBePrompt_leaveAtOnceWhileFewerAreUnderWay() {
    try (RecordedEnds ends = RecordedEnds.linked(LinkSettings.calm().promptBatches(3))) {
      ends.router.hold();

      ends.sendToRouter(1, 2, 3, 4);

      await().until(() -> ends.router.batches.size() == 3);
      assertEquals(List.of(1L, 2L, 3L), ends.atRouter());
    }
  }

  @Test
  void window_receiverDoesNotProcess_closesAndOpensAgain() {
    LinkSettings twoBatches = LinkSettings.calm().batchFrames(1).windowBatches(2);
    try (RecordedEnds ends = RecordedEnds.linked(twoBatches)) {
      ends.router.hold();
      ends.sendToRouter(1, 2, 3, 4, 5);
      await().until(() -> ends.router.unprocessed.size() == 2);
      assertEquals(List.of(1L, 2L), ends.atRouter());

      ends.router.unprocessed.get(0).run();
      await().until(() -> ends.router.unprocessed.size() == 3);
      assertEquals(List.of(1L, 2L, 3L), ends.atRouter());

      ends.router.unprocessed.get(1).run();
      ends.router.unprocessed.get(2).run();
      await().until(() -> ends.atRouter().equals(List.of(1L, 2L, 3L, 4L, 5L)));
    }
  }

  @Test
  void window_asManyBytesAsMayBeUnderWay_closesAndOpensAgain() {
    LinkSettings fewBytes = LinkSettings.calm().batchFrames(1).windowBytes(100);
    try (RecordedEnds ends = RecordedEnds.linked(fewBytes)) {
      ends.router.hold();
      for (int number = 1; number <= 3; number++) {
        ends.gateway.link().send(RecordedEnds.toRouter(number), 60);
      }
      await().until(() -> ends.router.unprocessed.size() == 2);
      assertEquals(List.of(1L, 2L), ends.atRouter());

      ends.router.unprocessed.getFirst().run();

      await().until(() -> ends.atRouter().equals(List.of(1L, 2L, 3L)));
    }
  }

  @Test
  void window_closedOneWay_theOtherWayGoesOn() {
    try (RecordedEnds ends = RecordedEnds.linked(LinkSettings.calm().windowBatches(1))) {
      ends.router.hold();
      ends.sendToRouter(1, 2);

      for (int number = 1; number <= 50; number++) {
        ends.router.link().send(RecordedEnds.toGateway(number), 10);
      }

      await().until(() -> ends.atGateway().size() == 50);
      assertEquals(List.of(1L), ends.atRouter());
    }
  }

  @Test
  void processed_outOfOrder_countsWhenTheGapIsClosed() {
    LinkSettings twoBatches = LinkSettings.calm().batchFrames(1).windowBatches(2);
    try (RecordedEnds ends = RecordedEnds.linked(twoBatches)) {
      ends.router.hold();
      ends.sendToRouter(1, 2, 3, 4);
      await().until(() -> ends.router.unprocessed.size() == 2);

      ends.router.unprocessed.get(1).run();
      ends.router.link().send(RecordedEnds.toGateway(99), 10);
      await().until(() -> ends.atGateway().contains(99L));
      assertEquals(List.of(1L, 2L), ends.atRouter(), "the first one is not processed yet");

      ends.router.unprocessed.get(0).run();
      await().until(() -> ends.atRouter().equals(List.of(1L, 2L, 3L, 4L)));
    }
  }

  @Test
  void offer_asMuchUnsentAsMayBe_refusesAndLosesNothing() {
    LinkSettings bounded = LinkSettings.calm().windowBatches(1).unsent(1000, 100);
    try (RecordedEnds ends = RecordedEnds.linked(bounded)) {
      ends.router.hold();
      Link<?> link = ends.gateway.link();
      assertTrue(ends.gateway.link().offer(RecordedEnds.toRouter(1), 60));
      await().until(() -> ends.router.unprocessed.size() == 1);
      assertTrue(ends.gateway.link().offer(RecordedEnds.toRouter(2), 60));

      assertFalse(ends.gateway.link().offer(RecordedEnds.toRouter(3), 60));
      assertFalse(
          ends.gateway
              .link()
              .offerAll(List.of(RecordedEnds.toRouter(4), RecordedEnds.toRouter(5)), 60));

      assertEquals(3, ends.gatewayMetrics.framesRefused.count());
      assertTrue(ends.gateway.link().offer(RecordedEnds.toRouter(6), 40), "this still fits");
      ends.router.unprocessed.getFirst().run();
      await().until(() -> ends.atRouter().equals(List.of(1L, 2L, 6L)));
      assertEquals(link, ends.gateway.link());
    }
  }

  @Test
  void send_asMuchUnsentAsMayBe_closesTheLinkForBothSides() {
    LinkSettings bounded = LinkSettings.calm().windowBatches(1).unsent(1000, 100);
    try (RecordedEnds ends = RecordedEnds.linked(bounded)) {
      ends.router.hold();
      Link<?> first = ends.gateway.link();
      ends.gateway.link().send(RecordedEnds.toRouter(1), 60);
      ends.gateway.link().send(RecordedEnds.toRouter(2), 60);

      ends.gateway.link().send(RecordedEnds.toRouter(3), 60);

      await().until(() -> ends.gateway.downs.size() == 1 && ends.router.downs.size() == 1);
      assertEquals(first, ends.gateway.downs.getFirst());
      ends.awaitUp();
      assertFalse(first.equals(ends.gateway.link()), "the next one is new");
      assertEquals(1, ends.gatewayMetrics.breaks.count());
    }
  }

  @Test
  void congested_muchUnsent_trueUntilHalfOfItIsLeft() {
    LinkSettings bounded = LinkSettings.calm().batchFrames(1).windowBatches(1).unsent(100, 1000);
    try (RecordedEnds ends = RecordedEnds.linked(bounded)) {
      ends.router.hold();
      for (int number = 1; number <= 3; number++) {
        ends.gateway.link().send(RecordedEnds.toRouter(number), 40);
      }
      assertFalse(ends.gateway.link().congested(), "one is under way, two wait");
      ends.gateway.link().send(RecordedEnds.toRouter(4), 40);
      assertTrue(ends.gateway.link().congested());

      await().until(() -> ends.router.unprocessed.size() == 1);
      ends.router.unprocessed.get(0).run();
      await().until(() -> ends.router.unprocessed.size() == 2);
      assertTrue(ends.gateway.link().congested(), "80 of 100 bytes still wait");
      assertTrue(ends.gateway.relieved.isEmpty());

      ends.router.unprocessed.get(1).run();
      await().until(() -> ends.gateway.relieved.size() == 1);
      assertFalse(ends.gateway.link().congested());
    }
  }

  @Test
  void close_atTheClient_bothSidesAreTold() {
    closeAndAwaitDown(true);
  }

  @Test
  void close_atTheServer_bothSidesAreTold() {
    closeAndAwaitDown(false);
  }

  private static void closeAndAwaitDown(boolean atClient) {
    try (RecordedEnds ends = RecordedEnds.linked(LinkSettings.calm())) {
      Link<?> gateway = ends.gateway.link();
      Link<?> router = ends.router.link();

      (atClient ? gateway : router).close("the test says so");

      await().until(() -> ends.gateway.downs.contains(gateway));
      await().until(() -> ends.router.downs.contains(router));
    }
  }

  private static void sendAndCompare(RecordedEnds ends, int count) {
    for (int number = 0; number < count; number++) {
      ends.sendToRouter(number);
      ends.router.link().send(RecordedEnds.toGateway(number), 10);
    }
    await().until(() -> ends.router.frames.size() >= count && ends.gateway.frames.size() >= count);
    assertEquals(numbers(0, count), ends.atRouter());
    assertEquals(numbers(0, count), ends.atGateway());
    assertTrue(ends.gatewayMetrics.batchesSent.count() <= count);
  }

  private static List<Long> numbers(long from, int count) {
    return LongStream.range(from, from + count).boxed().toList();
  }
}
