package io.vmqtt.router.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.placement.Shards;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.Moved;
import io.vmqtt.proto.store.v1.Following;
import io.vmqtt.proto.store.v1.PublishesCommitted;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.ShardPublish;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.router.link.RouterHarness.TestGateway;
import io.vmqtt.router.link.RouterHarness.TestStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a publish that is to be retained, and of what comes behind it. */
class RouterRetainedTest {
  private static final int SHARDS = 4;
  private static final int QUOTA_EXCEEDED = 0x97;
  private static final int RETAINER = Shards.shardOf("t", SHARDS);
  private static final int OTHER = (RETAINER + 1) % SHARDS;

  private final RouterHarness router = new RouterHarness(SHARDS);
  private final TestGateway publisher = router.gateway(1);
  private final TestGateway second = router.gateway(2);
  private final TestStore store = router.store("store").leadsInSync(RETAINER, 1);

  private static Message retained(int qos) {
    return RouterHarness.message("t", qos).toBuilder().setRetain(true).build();
  }

  private List<String> topicsAt(TestGateway gateway) {
    return gateway.takePublishes().stream().map(one -> one.getMessage().getTopic()).toList();
  }

  private List<Long> settled() {
    List<Long> sequences = new ArrayList<>();
    for (RouterToStoreFrame frame : store.link.take()) {
      sequences.addAll(frame.getSettled().getSequencesList());
    }
    return sequences;
  }

  @Test
  void publish_nobodySubscribed_goesToTheShardOfItsTopic() {
    publisher.publish(5, retained(1));

    ShardPublish atShard = store.takePublishes().getFirst();
    assertEquals(RETAINER, atShard.getShard());
    assertTrue(atShard.getRetain());
    assertFalse(atShard.getDeliver());
    store.committed(RETAINER, 1);
    assertEquals(List.of("5 unmatched"), publisher.takeResults(), "safe, but nobody subscribed");
    assertEquals(List.of(1L), settled());
  }

  /** Else one could hear of a value and then read the one before it. */
  @Test
  void publish_subscriberAtAGateway_getsItWhenItsShardHasIt() {
    second.subscribe("t");
    publisher.publish(5, retained(1));
    assertEquals(List.of(), topicsAt(second));

    store.committed(RETAINER, 1);

    assertEquals(List.of("t"), topicsAt(second));
    assertEquals(List.of(), publisher.takeResults());
    second.receivedThrough(1);
    assertEquals(List.of("5 safe"), publisher.takeResults());
  }

  /** It may have read the value before, and nobody else would tell it of this one. */
  @Test
  void publish_subscribedBeforeItsShardHasIt_getsIt() {
    publisher.publish(5, retained(1));
    second.subscribe("t");

    store.committed(RETAINER, 1);

    assertEquals(List.of("t"), topicsAt(second));
  }

  @Test
  void publish_wantedByTheShardThatRetainsIt_isSentThereTwice() {
    store.subscribe(RETAINER, "t");
    publisher.publish(5, retained(1));
    ShardPublish first = store.takePublishes().getFirst();
    assertTrue(first.getRetain() && !first.getDeliver());

    store.committed(RETAINER, 1);

    ShardPublish copy = store.takePublishes().getFirst();
    assertTrue(copy.getDeliver() && !copy.getRetain());
    store.committed(RETAINER, 2);
    assertEquals(List.of("5 safe"), publisher.takeResults());
  }

  @Test
  void publish_wantedByAnotherShard_settledWhenThatHasIt() {
    store.leads(OTHER, 1).subscribe(OTHER, "t");
    publisher.publish(5, retained(1));
    store.committed(RETAINER, 1);
    assertEquals(List.of(), settled());

    store.committed(OTHER, 1);

    assertEquals(List.of(1L), settled());
    assertEquals(List.of("5 safe"), publisher.takeResults());
  }

  @Test
  void publish_behindARetainedOneOfItsTopic_staysBehind() {
    second.subscribe("#");
    publisher.publish(5, retained(1));
    publisher.publish(6, RouterHarness.message("t", 1));
    publisher.publish(0, RouterHarness.message("t", 0));
    publisher.publish(7, RouterHarness.message("other", 1));
    assertEquals(List.of("other"), topicsAt(second));

    store.committed(RETAINER, 1);

    assertEquals(
        List.of(true, false, false),
        second.takePublishes().stream().map(one -> one.getMessage().getRetain()).toList());
    publisher.publish(8, RouterHarness.message("t", 1));
    assertEquals(List.of("t"), topicsAt(second), "nothing is before it any more");
  }

  /** A refusal is one for all: nobody has the message. */
  @Test
  void publish_shardDoesNotTakeIt_nobodyGetsIt() {
    second.subscribe("t");
    publisher.publish(5, retained(1));
    publisher.publish(6, RouterHarness.message("t", 1));

    store.committed(RETAINER, 1, RouterHarness.refusal(1, QUOTA_EXCEEDED));

    assertEquals(List.of("5 refused 97"), publisher.takeResults());
    assertEquals(
        List.of(false),
        second.takePublishes().stream().map(one -> one.getMessage().getRetain()).toList());
  }

  @Test
  void publish_qos0_waitsForItsShardAsWell() {
    second.subscribe("t");
    publisher.publish(0, retained(0));
    assertNotEquals(0, store.takePublishes().getFirst().getSequence());
    assertEquals(List.of(), topicsAt(second));

    store.committed(RETAINER, 1);

    assertEquals(1, second.takePublishes().size());
    second.receivedThrough(1);
    assertEquals(List.of(1L), settled());
    assertEquals(List.of(), publisher.takeResults(), "nobody asked");
  }

  @Test
  void publish_qos0WhileItsShardHasNoLeader_isDropped() {
    second.subscribe("t");
    store.state(RETAINER, false, 1);

    publisher.publish(0, retained(0));

    assertEquals(1, router.counter("shed"));
    assertEquals(List.of(), topicsAt(second));
  }

  @Test
  void publish_tooMuchWaitsBehindARetainedOne_refused() {
    publisher.publish(5, retained(1));
    int half = (int) RouterHarness.MAX_UNDELIVERED_BYTES / 2;
    publisher.publish(6, RouterHarness.message("t", 1, half));
    publisher.publish(7, RouterHarness.message("t", 1, half));
    publisher.publish(8, RouterHarness.message("t", 1));
    publisher.publish(0, RouterHarness.message("t", 0));

    assertEquals(List.of("8 refused 97"), publisher.takeResults());
    assertEquals(1, router.counter("shed"));
    store.committed(RETAINER, 1);
    publisher.publish(9, RouterHarness.message("t", 1));
    assertTrue(publisher.takeResults().contains("9 unmatched"), "there is room again");
  }

  /** Its publisher came back and repeated it: who subscribed since is not to hear of it. */
  @Test
  void publish_cameAgainAndWasSettled_onlyItsPublisherHears() {
    second.subscribe("t");
    publisher.publish(5, retained(1));

    store.send(
        StoreToRouterFrame.newBuilder()
            .setCommitted(
                PublishesCommitted.newBuilder().setShard(RETAINER).setThrough(1).addSettled(1))
            .build());

    assertEquals(List.of(), topicsAt(second));
    assertEquals(List.of("5 safe"), publisher.takeResults());
    assertEquals(List.of(), settled());
  }

  /** The next leader has the value, and must not have it read before those that wait for it. */
  @Test
  void shardState_nextLeader_hearsWhatIsNotSettled() {
    second.subscribe("t");
    publisher.publish(5, retained(1));
    store.committed(RETAINER, 1);
    store.state(RETAINER, false, 1);
    store.link.take();

    store.leads(RETAINER, 2);

    Following following =
        store
            .link
            .take(RouterToStoreFrame::hasFollowing, RouterToStoreFrame::getFollowing)
            .getFirst();
    assertEquals("t", following.getUnsettled(0).getTopic());
    assertEquals(1, following.getUnsettled(0).getSequence());
    second.receivedThrough(1);
    assertEquals(List.of(1L), settled());
  }

  @Test
  void moved_retainedOneGivenToAnotherRouter_holdsNothingUp() {
    second.subscribe("t");
    store.state(RETAINER, false, 1);
    publisher.publish(5, retained(1));
    publisher.publish(6, RouterHarness.message("t", 1));

    publisher.send(GatewayFrame.newBuilder().setMoved(Moved.newBuilder().addPublishes(5)).build());

    assertEquals(1, second.takePublishes().size());
  }
}
