package io.vmqtt.store.leading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.TopicAction;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.access.TopicTemplate;
import io.vmqtt.cluster.access.Who;
import io.vmqtt.cluster.access.WillOwner;
import io.vmqtt.clusterkit.RecordingLink;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ScopedName;
import io.vmqtt.proto.message.v1.IdempotencyKey;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.store.session.PendingPublish;
import io.vmqtt.store.wire.WireContent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A will reaches everybody once, and is not tried for ever. */
class OwnPublishesTest {
  private static final int QUOTA_EXCEEDED = 0x97;
  private static final WillOwner PUMP =
      new WillOwner(Namespace.NAMELESS, "pump", null, null, Map.of());

  private final RecordingLink<StoreToRouterFrame> toA = new RecordingLink<>("a");
  private final RecordingLink<StoreToRouterFrame> toB = new RecordingLink<>("b");
  private final RouterPort a = new RouterPort(0, new RouterLink(toA));
  private final RouterPort b = new RouterPort(0, new RouterLink(toB));
  private final LeadingCounts counts = new LeadingCounts();
  private final List<OwnPublish> done = new ArrayList<>();
  private long uptimeMillis = 1_000;
  private long lowestPending = Long.MAX_VALUE;
  private WillJudge wills = WillJudge.withoutRules();
  private OwnPublishes publishes = publishes();

  private OwnPublishes publishes() {
    return new OwnPublishes(
        3,
        new StoreClock(() -> 0, () -> uptimeMillis),
        counts,
        wills,
        () -> lowestPending,
        done::add);
  }

  private static OwnPublish will(long number, int qos) {
    return will(number, qos, "gone", null);
  }

  private static OwnPublish will(long number, int qos, String topic, @Nullable WillOwner owner) {
    return OwnPublish.of(
        new PendingPublish(
            number,
            WireContent.publication(Message.newBuilder().setTopic(topic).setQos(qos).build()),
            0,
            null,
            owner));
  }

  /** Everybody may publish to these topics, and to nothing else. */
  private void allow(String... topics) {
    TopicRule rule =
        new TopicRule(
            1,
            Effect.ALLOW,
            Set.of(TopicAction.PUBLISH),
            Arrays.stream(topics).map(TopicTemplate::of).toList(),
            Who.EVERYBODY,
            TopicRule.EVERY_QOS,
            null,
            null);
    wills.follow(new AccessSettings(1, new TopicRules(List.of(rule), Effect.DENY)));
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

  /** Its client may have left it when it was allowed, and be gone since. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void add_willThatIsNotAllowedAnyMore_isDroppedAndCounted(int qos) {
    allow("last/${clientid}");

    publishes.add(will(7, qos, "last/pump", PUMP), List.of(a));
    publishes.add(will(8, qos, "gone", PUMP), List.of(a));
    OwnPublish.Name unknown = new OwnPublish.Name(0, 9);
    publishes.add(will(9, qos, "gone", null), List.of(a));
    pass(100, a);

    assertEquals(1, counts.willsForbidden());
    assertTrue(done.contains(will(8, qos, "gone", PUMP)));
    assertEquals(
        List.of("last/pump", "gone"),
        sent(toA).stream().map(one -> one.getMessage().getTopic()).distinct().toList());
    publishes.answered(unknown, 0);
    assertTrue(done.contains(will(9, qos, "gone", null)), "nobody knows whose it is");
  }

  /** A shard's topics have their namespace before them, rules do not. */
  @Test
  void add_willOfANamespace_isJudgedByItsTopicThere() {
    Namespace plant = Namespace.of("plant");
    WillOwner owner = new WillOwner(plant, "pump", null, null, Map.of());
    allow("${namespace}/gone");

    publishes.add(will(7, 1, ScopedName.of(plant, "plant/gone"), owner), List.of(a));
    publishes.add(will(8, 1, ScopedName.of(plant, "other/gone"), owner), List.of(a));

    assertEquals(1, sent(toA).size());
    assertEquals(1, counts.willsForbidden());
  }

  @Test
  void tick_nobodyHasSaidWhetherThereAreRules_willWaits() {
    wills = new WillJudge();
    publishes = publishes();
    publishes.add(will(7, 1, "gone", PUMP), List.of(a));
    pass(100, a);
    assertEquals(0, sent(toA).size());

    wills.follow(AccessSettings.NONE);
    pass(1, a);

    assertEquals(1, sent(toA).size());
    assertFalse(sent(toA).getFirst().getAgain());
  }

  /** The rules of the moment when it is published count, and to judge it again and again costs. */
  @Test
  void tick_noRouter_willIsNotJudgedBeforeThereIsOne() {
    allow("other");
    publishes.add(will(7, 1, "gone", PUMP), List.of());
    pass(100);
    assertEquals(0, counts.willsForbidden());

    allow("gone");
    pass(1, a);

    assertEquals(1, sent(toA).size());
  }

  /** The shard has others to serve than those whose clients have gone. */
  @Test
  void tick_manyWillsAndManyRules_areJudgedInParts() {
    int tries = OwnPublishes.MOST_TRIES / 5;
    allow(IntStream.rangeClosed(1, tries).mapToObj(i -> "${clientid}/" + i).toArray(String[]::new));
    for (int i = 1; i <= 12; i++) {
      publishes.add(will(i, 1, "pump/" + tries, PUMP), List.of(a));
    }

    assertEquals(5, sent(toA).size());
    pass(1, a);
    assertEquals(10, sent(toA).size());
    pass(1, a);
    assertEquals(12, sent(toA).size());
  }

  @Test
  void tick_rulesChangeAfterARefusal_areAskedAgain() {
    publishes.add(will(7, 1, "gone", PUMP), List.of(a));
    publishes.answered(new OwnPublish.Name(0, 7), QUOTA_EXCEEDED);
    allow("other");
    pass(5, a);

    assertEquals(1, sent(toA).size());
    assertEquals(1, counts.willsForbidden());
    assertEquals(0, publishes.unconfirmed());
  }

  /** Else some would have had it, and others not. */
  @Test
  void tick_rulesChangeWhenSomeMayHaveIt_goesOn() {
    publishes.add(will(7, 1, "gone", PUMP), List.of(a));
    allow("other");
    pass(5, b);

    assertEquals(1, sent(toB).size());
    assertEquals(0, counts.willsForbidden());
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
