package io.vmqtt.cluster.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.wire.LinkFormat;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.GatewayToRouter;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.routing.v1.RouterToGateway;
import io.vmqtt.testkit.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a link does by the clock, with a clock that the test moves and a transport it can see. */
class LinkStreamTimeTest {
  private static final Peer GATEWAY = new Peer("gateway", 1, "test");
  private static final Peer ROUTER = new Peer("router", 2, "test");
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration TICK = Duration.ofMillis(1);

  private final VirtualTime time = new VirtualTime();
  private final RecordingTransport<GatewayToRouter> transport = new RecordingTransport<>();
  private final RecordingListener<GatewayFrame, RouterFrame> listener = new RecordingListener<>();
  private final AtomicInteger ended = new AtomicInteger();

  @Test
  void open_nothingHeardYet_saysHelloAndIsNotUp() {
    open(LinkSettings.calm());

    assertEquals("gateway", transport.sent.getFirst().getEnvelope().getHello().getNodeId());
    assertEquals(0, transport.sent.getFirst().getEnvelope().getSequence());
    assertTrue(listener.ups.isEmpty());
  }

  @Test
  void onNext_helloOfTheOtherSide_up() {
    LinkStream<?, ?, ?, RouterToGateway> stream = open(LinkSettings.calm());

    stream.onNext(hello());

    assertEquals(ROUTER, listener.link().peer());
  }

  @Test
  void heartbeat_nothingToSay_bareBatchAtEachInterval() {
    Duration heartbeat = Duration.ofSeconds(1);
    LinkStream<?, ?, ?, RouterToGateway> stream =
        up(LinkSettings.calm().times(NEVER, Duration.ZERO, heartbeat, NEVER));
    transport.sent.clear();

    time.advance(Duration.ofSeconds(5));

    assertEquals(5, transport.sent.size());
    assertTrue(transport.sent.stream().allMatch(batch -> batch.getEnvelope().getSequence() == 0));
    assertTrue(stream.wasUp());
  }

  @Test
  void silenceLimit_otherSideIsHeardNowAndThen_staysUp() {
    LinkStream<?, ?, ?, RouterToGateway> stream =
        up(LinkSettings.calm().times(NEVER, Duration.ZERO, TICK, Duration.ofSeconds(3)));

    for (int i = 1; i <= 10; i++) {
      time.advance(Duration.ofMillis(2_900));
      stream.onNext(heard(2_900L * i));
    }

    assertTrue(listener.isUp());
    assertNull(transport.error);
  }

  @Test
  void silenceLimit_otherSideIsMute_bothEndsAreTold() {
    up(
        LinkSettings.calm()
            .times(NEVER, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(3)));

    time.advance(Duration.ofSeconds(3));
    assertTrue(listener.isUp(), "the limit itself is not beyond the limit");
    time.advance(Duration.ofSeconds(1));

    assertEquals(1, listener.downs.size());
    assertNotNull(transport.error, "the transport is told, and with it the other side");
    assertEquals(1, ended.get());
  }

  @Test
  void silenceLimit_otherSideSpeaksAndDoesNotHear_bothEndsAreTold() {
    LinkStream<?, ?, ?, RouterToGateway> stream =
        up(
            LinkSettings.calm()
                .times(NEVER, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(3)));

    for (int i = 0; i < 4; i++) {
      time.advance(Duration.ofSeconds(1));
      stream.onNext(heard(0));
    }

    assertEquals(1, listener.downs.size());
    assertNotNull(transport.error);
  }

  /**
   * Asleep, it could not know that the other side gave it up; what came before that proves nothing.
   */
  @Test
  void silenceLimit_thisProcessSlept_whatHasWaitedIsNotTaken() {
    LinkStream<?, ?, ?, RouterToGateway> stream =
        up(LinkSettings.calm().times(NEVER, Duration.ZERO, NEVER, Duration.ofSeconds(3)));
    time.advance(Duration.ofSeconds(3));
    assertTrue(stream.isLive());

    time.advance(Duration.ofMillis(1));
    assertFalse(stream.isLive());
    assertTrue(listener.isUp(), "nothing has run yet");
    stream.onNext(numbered(1, 100));

    assertTrue(listener.frames.isEmpty());
    assertEquals(1, listener.downs.size());
  }

  @Test
  void batches_carryTheirTimeAndTheLatestOfTheOtherSide() {
    LinkStream<?, ?, ?, RouterToGateway> stream =
        up(LinkSettings.calm().times(NEVER, Duration.ZERO, NEVER, NEVER));
    time.advance(Duration.ofMillis(1_234));

    stream.onNext(sentAt(77));
    stream.onNext(sentAt(76));
    send(1);

    assertEquals(1_234, transport.sent.getLast().getEnvelope().getSentAt());
    assertEquals(77, transport.sent.getLast().getEnvelope().getHeard());
  }

  @Test
  void silenceLimit_helloNeverComes_endsWithoutUpOrDown() {
    open(
        LinkSettings.calm()
            .times(NEVER, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(3)));

    time.advance(Duration.ofSeconds(5));

    assertEquals(1, ended.get());
    assertNotNull(transport.error);
    assertTrue(listener.ups.isEmpty());
    assertTrue(listener.downs.isEmpty());
  }

  @Test
  void linger_busyLink_framesLeaveTogetherWhenItIsOver() {
    up(LinkSettings.calm().times(Duration.ofMillis(10), Duration.ZERO, NEVER, NEVER));
    send(1);
    send(2);
    send(3);
    assertEquals(List.of(List.of(1L)), sentFrames(), "the first finds an idle link");

    time.advance(Duration.ofMillis(9));
    assertEquals(1, sentFrames().size());
    time.advance(Duration.ofMillis(1));

    assertEquals(List.of(List.of(1L), List.of(2L, 3L)), sentFrames());
  }

  @Test
  void linger_overWhileTheWindowWasClosed_framesLeaveAsSoonAsItOpens() {
    LinkStream<?, ?, ?, RouterToGateway> stream =
        up(
            LinkSettings.calm()
                .windowBatches(2)
                .times(Duration.ofMillis(10), Duration.ZERO, NEVER, NEVER));
    send(1);
    send(2);
    time.advance(Duration.ofMillis(10));
    send(3);
    time.advance(Duration.ofMillis(10));
    assertEquals(List.of(List.of(1L), List.of(2L)), sentFrames(), "the window is closed");

    stream.onNext(bare(1));

    assertEquals(List.of(List.of(1L), List.of(2L), List.of(3L)), sentFrames());
  }

  @Test
  void linger_overAfterTheWindowOpened_framesLeaveThen() {
    LinkStream<?, ?, ?, RouterToGateway> stream =
        up(
            LinkSettings.calm()
                .windowBatches(2)
                .times(Duration.ofMillis(10), Duration.ZERO, NEVER, NEVER));
    send(1);
    send(2);
    time.advance(Duration.ofMillis(10));
    send(3);
    time.advance(Duration.ofMillis(5));
    stream.onNext(bare(1));

    time.advance(Duration.ofMillis(10));

    assertEquals(List.of(List.of(1L), List.of(2L), List.of(3L)), sentFrames());
  }

  @Test
  void acknowledgeDelay_nothingElseToSend_acknowledgesWhenItIsOver() {
    LinkStream<?, ?, ?, RouterToGateway> stream =
        up(LinkSettings.calm().times(NEVER, Duration.ofMillis(5), NEVER, NEVER));
    transport.sent.clear();

    stream.onNext(numbered(1, 100));
    stream.onNext(numbered(2, 101));
    time.advance(Duration.ofMillis(4));
    assertTrue(transport.sent.isEmpty());
    time.advance(Duration.ofMillis(1));

    assertEquals(1, transport.sent.size(), "one acknowledgement for both");
    assertEquals(2, transport.sent.getFirst().getEnvelope().getAcknowledged());
  }

  @Test
  void acknowledgeDelay_framesLeaveMeanwhile_acknowledgementTravelsWithThem() {
    LinkStream<?, ?, ?, RouterToGateway> stream =
        up(LinkSettings.calm().times(NEVER, Duration.ofMillis(5), NEVER, NEVER));
    transport.sent.clear();

    stream.onNext(numbered(1, 100));
    send(7);
    time.advance(Duration.ofMillis(10));

    assertEquals(1, transport.sent.size());
    assertEquals(1, transport.sent.getFirst().getEnvelope().getAcknowledged());
    assertEquals(1, transport.sent.getFirst().getFramesCount());
  }

  @Test
  void acknowledgeDelay_halfAWindowUnacknowledged_acknowledgesAtOnce() {
    LinkStream<?, ?, ?, RouterToGateway> stream =
        up(LinkSettings.calm().windowBatches(8).times(NEVER, NEVER, NEVER, NEVER));
    transport.sent.clear();

    for (int sequence = 1; sequence <= 4; sequence++) {
      stream.onNext(numbered(sequence, sequence));
    }

    assertEquals(4, transport.sent.getLast().getEnvelope().getAcknowledged());
  }

  @Test
  void transportReady_wasNotReady_framesWaitForIt() {
    LinkStream<?, ?, ?, RouterToGateway> stream = up(LinkSettings.calm());
    transport.ready = false;
    send(1);
    assertTrue(sentFrames().isEmpty());

    transport.ready = true;
    stream.transportReady();

    assertEquals(List.of(List.of(1L)), sentFrames());
  }

  @Test
  void send_transportRefuses_down() {
    up(LinkSettings.calm());
    transport.failure = new IllegalStateException("call already closed");

    send(1);

    assertEquals(1, listener.downs.size());
    assertEquals(1, ended.get());
  }

  @Test
  void down_endsInEveryWay_toldOnce() {
    LinkStream<?, ?, ?, RouterToGateway> stream = up(LinkSettings.calm());

    stream.onError(new IllegalStateException("broken"));
    stream.close("closed");
    stream.onCompleted();

    assertEquals(1, listener.downs.size());
    assertEquals(1, ended.get());
  }

  @Test
  void onCompleted_closedByTheOtherSide_downAndCompletesToo() {
    LinkStream<?, ?, ?, RouterToGateway> stream = up(LinkSettings.calm());

    stream.onCompleted();

    assertEquals(1, listener.downs.size());
    assertTrue(listener.downs.getFirst().wasLeft());
    assertTrue(transport.completed);
  }

  @Test
  void leave_completesAndIsDown() {
    LinkStream<?, ?, ?, RouterToGateway> stream = up(LinkSettings.calm());

    stream.leave("this process ends");

    assertTrue(transport.completed);
    assertNull(transport.error);
    assertFalse(stream.isLive());
    assertEquals(1, listener.downs.size());
    assertFalse(listener.downs.getFirst().wasLeft(), "the other side has not said so");
  }

  @Test
  void onNext_helloAfterTheEnd_neverUp() {
    LinkStream<?, ?, ?, RouterToGateway> stream = open(LinkSettings.calm());
    stream.close("given up");

    stream.onNext(hello());

    assertTrue(listener.ups.isEmpty(), "nobody would ever say that it is down");
  }

  @Test
  void open_callFailedAtOnce_endsAndLeavesNothingBehind() {
    LinkStream<GatewayFrame, GatewayToRouter, RouterFrame, RouterToGateway> stream =
        stream(LinkSettings.calm().times(NEVER, Duration.ZERO, TICK, NEVER), listener);
    stream.onError(new IllegalStateException("connection refused"));

    stream.open(transport);
    time.advance(Duration.ofSeconds(1));

    assertEquals(1, ended.get(), "whoever is to try again is told");
    assertTrue(transport.sent.isEmpty());
    assertEquals(0, time.waiting(), "no heartbeat goes on for a stream that is no more");
  }

  @Test
  void close_whileTheOwnerIsToldThatItIsUp_downFollows() {
    List<String> told = new ArrayList<>();
    LinkListener<GatewayFrame, RouterFrame> closing =
        new Indifferent() {
          @Override
          public void up(Link<GatewayFrame> link) {
            link.close("not wanted");
            told.add("up");
          }

          @Override
          public void down(Link<GatewayFrame> link) {
            told.add("down");
            assertEquals(0, ended.get(), "a new stream is not opened before that");
          }
        };
    LinkStream<GatewayFrame, GatewayToRouter, RouterFrame, RouterToGateway> stream =
        stream(LinkSettings.calm(), closing);
    stream.open(transport);

    stream.onNext(hello());

    assertEquals(List.of("up", "down"), told);
    assertEquals(1, ended.get());
  }

  @Test
  void up_listenerFails_bothEndsAreTold() {
    LinkListener<GatewayFrame, RouterFrame> failing =
        new Indifferent() {
          @Override
          public void up(Link<GatewayFrame> link) {
            throw new IllegalStateException("the owner takes no more links");
          }
        };
    LinkStream<GatewayFrame, GatewayToRouter, RouterFrame, RouterToGateway> stream =
        stream(LinkSettings.calm(), failing);
    stream.open(transport);

    stream.onNext(hello());

    assertNotNull(transport.error);
    assertEquals(1, ended.get());
  }

  @Test
  void writable_listenerFails_bothEndsAreTold() {
    LinkListener<GatewayFrame, RouterFrame> failing =
        new Indifferent() {
          @Override
          public void writable(Link<GatewayFrame> link) {
            throw new IllegalStateException("the owner has too much to do");
          }
        };
    LinkStream<GatewayFrame, GatewayToRouter, RouterFrame, RouterToGateway> stream =
        stream(LinkSettings.calm().windowBatches(1).unsent(15, 1_000), failing);
    stream.open(transport);
    stream.onNext(hello());
    stream.send(frame(1), 10);
    stream.send(frame(2), 10);
    stream.send(frame(3), 10);
    assertTrue(stream.congested());

    stream.onNext(bare(1));

    assertNotNull(transport.error);
    assertEquals(1, ended.get());
  }

  @Test
  void onNext_framesBeforeHello_closes() {
    LinkStream<?, ?, ?, RouterToGateway> stream = open(LinkSettings.calm());

    stream.onNext(numbered(1, 5));

    assertNotNull(transport.error, "frames that are skipped would be missing for good");
    assertTrue(listener.frames.isEmpty());
  }

  @Test
  void onNext_framesAfterTheEnd_areNotGivenOn() {
    LinkStream<?, ?, ?, RouterToGateway> stream = up(LinkSettings.calm());
    stream.close("enough");

    stream.onNext(numbered(1, 5));

    assertTrue(listener.frames.isEmpty());
  }

  @Test
  void offer_afterTheEnd_refuses() {
    up(LinkSettings.calm());
    Link<GatewayFrame> link = listener.link();
    link.close("enough");

    assertFalse(link.offer(frame(1), 10));
    link.send(frame(2), 10);

    assertTrue(sentFrames().isEmpty());
    assertEquals(1, listener.downs.size());
  }

  @Test
  void close_listenerFails_theTransportIsToldAllTheSame() {
    LinkListener<GatewayFrame, RouterFrame> failing =
        new Indifferent() {
          @Override
          public void down(Link<GatewayFrame> link) {
            throw new IllegalStateException("the owner has ended before its links");
          }
        };
    LinkStream<GatewayFrame, GatewayToRouter, RouterFrame, RouterToGateway> stream =
        stream(LinkSettings.calm(), failing);
    stream.open(transport);
    stream.onNext(hello());

    stream.close("enough");

    assertNotNull(transport.error);
    assertEquals(1, ended.get());
  }

  private LinkStream<GatewayFrame, GatewayToRouter, RouterFrame, RouterToGateway> stream(
      LinkSettings settings, LinkListener<GatewayFrame, RouterFrame> owner) {
    return new LinkStream<>(
        GATEWAY,
        LinkFormat.GATEWAY_TO_ROUTER,
        LinkFormat.ROUTER_TO_GATEWAY,
        owner,
        settings.options(),
        new LinkMetrics(new SimpleMeterRegistry(), "test"),
        time.timer(Runnable::run),
        time,
        ended::incrementAndGet);
  }

  private LinkStream<?, ?, ?, RouterToGateway> open(LinkSettings settings) {
    LinkStream<GatewayFrame, GatewayToRouter, RouterFrame, RouterToGateway> stream =
        stream(settings, listener);
    stream.open(transport);
    return stream;
  }

  private LinkStream<?, ?, ?, RouterToGateway> up(LinkSettings settings) {
    LinkStream<?, ?, ?, RouterToGateway> stream = open(settings);
    stream.onNext(hello());
    return stream;
  }

  private void send(long number) {
    listener.link().send(frame(number), 10);
  }

  private List<List<Long>> sentFrames() {
    return transport.sent.stream()
        .filter(batch -> batch.getEnvelope().getSequence() > 0)
        .map(batch -> batch.getFramesList().stream().map(GatewayFrame::getReceivedThrough).toList())
        .toList();
  }

  private static GatewayFrame frame(long number) {
    return GatewayFrame.newBuilder().setReceivedThrough(number).build();
  }

  private static RouterToGateway hello() {
    return batch(ROUTER, 0, 0, List.of());
  }

  /** Carries nothing but an acknowledgement. */
  private static RouterToGateway bare(long acknowledged) {
    return batch(null, 0, acknowledged, List.of());
  }

  private static RouterToGateway heard(long millis) {
    return LinkFormat.ROUTER_TO_GATEWAY.batch(new Envelope(null, 0, 0, 0, millis), List.of());
  }

  private static RouterToGateway sentAt(long millis) {
    return LinkFormat.ROUTER_TO_GATEWAY.batch(new Envelope(null, 0, 0, millis, 0), List.of());
  }

  private static RouterToGateway numbered(long sequence, long frame) {
    return batch(
        null, sequence, 0, List.of(RouterFrame.newBuilder().setRoutesApplied(frame).build()));
  }

  private static RouterToGateway batch(
      @Nullable Peer hello, long sequence, long acknowledged, List<RouterFrame> frames) {
    return LinkFormat.ROUTER_TO_GATEWAY.batch(
        new Envelope(hello, sequence, acknowledged, 0, 0), frames);
  }

  /** An owner to whom nothing matters but what a test adds. */
  private static class Indifferent implements LinkListener<GatewayFrame, RouterFrame> {
    @Override
    public void up(Link<GatewayFrame> link) {}

    @Override
    public void receive(Link<GatewayFrame> link, List<RouterFrame> frames, Runnable processed) {}

    @Override
    public void down(Link<GatewayFrame> link) {}
  }
}
