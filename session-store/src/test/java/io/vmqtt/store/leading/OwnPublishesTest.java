package io.vmqtt.store.leading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.clusterkit.RecordingLink;
import io.vmqtt.proto.message.v1.IdempotencyKey;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.store.session.PendingPublish;
import io.vmqtt.store.wire.WireContent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A will reaches everybody once, and is not tried for ever. */
class OwnPublishesTest {
  private static final int QUOTA_EXCEEDED = 0x97;

  private final RecordingLink<StoreToRouterFrame> toA = new RecordingLink<>("a");
  private final RecordingLink<StoreToRouterFrame> toB = new RecordingLink<>("b");
  private final RouterPort a = new RouterPort(0, new RouterLink(toA));
  private final RouterPort b = new RouterPort(0, new RouterLink(toB));
  private final LeadingCounts counts = new LeadingCounts();
  private final List<OwnPublish> done = new ArrayList<>();
  private long uptimeMillis = 1_000;
  private long lowestPending = Long.MAX_VALUE;
  private final OwnPublishes publishes =
      new OwnPublishes(
          3, new StoreClock(() -> 0, () -> uptimeMillis), counts, () -> lowestPending, done::add);

  private static OwnPublish will(long number, int qos) {
    return OwnPublish.of(
        new PendingPublish(
            number,
            WireContent.publication(Message.newBuilder().setTopic("gone").setQos(qos).build()),
            0,
            null));
  }

  private static List<Publish> sent(RecordingLink<StoreToRouterFrame> link) {
    return link.sent.stream()
        .filter(StoreToRouterFrame::hasPublish)
        .map(StoreToRouterFrame::getPublish)
        .toList();
  }

  /** Lets time go by, second by second. */
  private void pass(int seconds, RouterPort... ports) {
    for (int i = 0; i < seconds; i++) {
      uptimeMillis += 1_000;
      publishes.tick(List.of(ports));
    }
  }

  @Test
  void refused_againAndAgain_triedWithGrowingPausesThenDroppedAndCounted() {
    publishes.add(will(7, 1), List.of(a));
    List<Integer> tries = new ArrayList<>();
    for (int second = 0; second < 1_000; second++) {
      if (sent(toA).size() > tries.size()) {
        tries.add(second);
        publishes.answered(new OwnPublish.Name(0, 7), QUOTA_EXCEEDED);
      }
      pass(1, a);
    }
    assertEquals(List.of(0, 5, 15, 35, 75, 155), tries);
    assertEquals(List.of(will(7, 1)), done);
    assertEquals(1, counts.willsDropped());
    assertEquals(0, publishes.unconfirmed());
    assertFalse(sent(toA).getLast().getAgain(), "nobody has it");
  }

  @Test
  void refused_thenTaken_doneOnce() {
    publishes.add(will(7, 1), List.of(a));
    publishes.answered(new OwnPublish.Name(0, 7), QUOTA_EXCEEDED);
    pass(5, a);
    publishes.answered(new OwnPublish.Name(0, 7), 0);
    pass(100, a);
    assertEquals(2, sent(toA).size());
    assertEquals(List.of(will(7, 1)), done);
    assertEquals(0, counts.willsDropped());
  }

  @Test
  void tick_noAnswer_byAnotherRouterWithTheSameKeyAndEverMoreSeldom() {
    publishes.add(will(7, 1), List.of(a));
    pass(5, a, b);
    assertEquals(1, sent(toB).size());
    IdempotencyKey key = sent(toA).getFirst().getKey();
    assertTrue(sent(toA).getFirst().hasKey());
    assertEquals(key, sent(toB).getFirst().getKey(), "so that each destination takes it once");
    assertTrue(sent(toB).getFirst().getAgain(), "some may have it");

    pass(3_600, a, b);
    assertTrue(sent(toA).size() + sent(toB).size() < 20);
    assertEquals(List.of(), done);
  }

  @Test
  void linkDown_notAnswered_atOnceByAnother() {
    publishes.add(will(7, 2), List.of(a));
    publishes.linkDown(a);
    publishes.tick(List.of(b));
    assertEquals(1, sent(toB).size());
  }

  @Test
  void linkDown_refusedThere_pauseIsKept() {
    publishes.add(will(7, 1), List.of(a));
    publishes.answered(new OwnPublish.Name(0, 7), QUOTA_EXCEEDED);
    publishes.linkDown(a);
    pass(4, b);
    assertEquals(0, sent(toB).size());
    pass(1, b);
    assertEquals(1, sent(toB).size());
  }

  @Test
  void add_several_keysOfOneProducerWithTheOldestAsLowWater() {
    publishes.add(will(7, 1), List.of(a));
    publishes.add(will(9, 1), List.of(a));
    publishes.answered(new OwnPublish.Name(0, 7), 0);
    publishes.add(will(12, 2), List.of(a));

    assertEquals(
        List.of(List.of(7L, 7L), List.of(9L, 7L), List.of(12L, 9L)),
        sent(toA).stream()
            .map(publish -> List.of(publish.getKey().getSequence(), publish.getKey().getLowWater()))
            .toList());
    assertEquals(
        1, sent(toA).stream().map(publish -> publish.getKey().getProducer()).distinct().count());
  }

  /** It is not given to any router yet, and must not count as sent where the other went. */
  @Test
  void add_anEarlierOneHasToWait_lowWaterIsThatOne() {
    lowestPending = 5;
    publishes.add(will(7, 1), List.of(a));
    assertEquals(5, sent(toA).getFirst().getKey().getLowWater());
  }

  @Test
  void add_atMostOnce_sentOnceWithoutAnswer() {
    publishes.add(will(7, 0), List.of(a));
    pass(100, a);
    assertEquals(1, sent(toA).size());
    assertFalse(sent(toA).getFirst().hasKey());
    assertEquals(List.of(will(7, 0)), done);
  }
}
