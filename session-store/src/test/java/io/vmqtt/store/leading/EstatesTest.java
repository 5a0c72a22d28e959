package io.vmqtt.store.leading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.clusterkit.RecordingLink;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Qos;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.message.v1.ShareChoice;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.store.delivery.QueueReader;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.RouteKey;
import io.vmqtt.store.session.SessionHeader;
import io.vmqtt.store.session.ShardState;
import io.vmqtt.store.wire.WireContent;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What ended sessions left reaches the other members of their share groups: section 4.8.2. */
class EstatesTest {
  private static final RouteKey GROUP = new RouteKey("t", "g");
  private static final int NO_MATCHING_SUBSCRIBERS = 0x10;
  private static final long SESSION = 1;

  private final ShardState state = new ShardState(1);
  private final NavigableMap<Long, QueueReader.Entry> queue = new TreeMap<>();
  private final List<Command> log = new ArrayList<>();
  private final LeadingCounts counts = new LeadingCounts();
  private final RecordingLink<StoreToRouterFrame> toRouter = new RecordingLink<>("router");
  private final RouterPort router = new RouterPort(0, new RouterLink(toRouter));
  private final StoreClock clock = new StoreClock(() -> 1_000, () -> 1_000);
  private final Estates estates =
      new Estates(
          state,
          (session, from, limit, maxBytes) ->
              queue.tailMap(from).values().stream().limit(limit).toList(),
          clock,
          log::add);
  private final OwnPublishes publishes =
      new OwnPublishes(
          3, clock, counts, WillJudge.withoutRules(), () -> Long.MAX_VALUE, estates::settled);

  private void queue(Qos qos, long expiresAtMillis) {
    long sequence = queue.size() + 1L;
    Publication publication =
        WireContent.publication(
            Message.newBuilder()
                .setTopic("t")
                .setQos(qos.value())
                .setExpiresAtMillis(expiresAtMillis)
                .build());
    Delivery delivery = Delivery.of(qos, false);
    apply(new Change.Queued(SESSION, sequence, 0, publication, delivery, GROUP));
    queue.put(sequence, new QueueReader.Entry(sequence, publication, delivery, GROUP));
  }

  private void apply(Change change) {
    state.apply(change, body -> {});
  }

  private void begin() {
    apply(
        new Change.SessionSaved(
            new SessionHeader(SESSION, "c", 1, true, 7, 1, false, 60, 10, null, 0, 0, 0)));
  }

  private void end(long begunThrough) {
    apply(new Change.SessionEnded(SESSION, begunThrough));
    estates.opened(SESSION);
    estates.run(publishes, List.of(router));
  }

  private List<Publish> sent() {
    return toRouter.sent.stream()
        .filter(StoreToRouterFrame::hasPublish)
        .map(StoreToRouterFrame::getPublish)
        .toList();
  }

  private void answered(long sequence, int reasonCode) {
    publishes.answered(new OwnPublish.Name(SESSION, sequence), reasonCode);
    estates.run(publishes, List.of(router));
  }

  @Test
  void run_messageOfTheGroup_isForItAloneWithAKeyOfItsOwn() {
    begin();
    queue(Qos.AT_LEAST_ONCE, 0);
    end(1);
    Publish publish = sent().getFirst();
    assertTrue(publish.getLeft());
    assertEquals(
        List.of(ShareChoice.newBuilder().setGroup("g").setFilter("t").build()),
        publish.getSharesList());
    assertEquals(1, publish.getKey().getSequence());
    assertEquals(List.of(), log);
    answered(1, 0);
    assertEquals(List.of(new Command.LeftSettled(SESSION, List.of(1L))), log);
    assertEquals(0, counts.leftDropped());
  }

  @Test
  @Conforms(v5 = "MQTT-4.8.2-5")
  void run_exactlyOnceThatMayHaveBegun_goesToNobodyAndWhatHasNotGoesOn() {
    begin();
    queue(Qos.EXACTLY_ONCE, 0);
    queue(Qos.AT_LEAST_ONCE, 0);
    queue(Qos.EXACTLY_ONCE, 0);
    end(2);
    assertEquals(
        List.of(2L, 3L), sent().stream().map(sent -> sent.getKey().getSequence()).toList());
    assertEquals(List.of(new Command.LeftSettled(SESSION, List.of(1L))), log);
  }

  @Test
  void run_expired_goesToNobody() {
    begin();
    queue(Qos.AT_LEAST_ONCE, 1_000);
    end(0);
    assertEquals(List.of(), sent());
    assertEquals(List.of(new Command.LeftSettled(SESSION, List.of(1L))), log);
  }

  @Test
  void answered_noOtherMember_isCountedAsDropped() {
    begin();
    queue(Qos.AT_LEAST_ONCE, 0);
    end(0);
    answered(1, NO_MATCHING_SUBSCRIBERS);
    assertEquals(1, counts.leftDropped());
    assertEquals(1, log.size());
  }

  @Test
  void run_many_soManyUnderWayAndTheRestInTheirOrder() {
    begin();
    int many = 3 * Estates.MOST_UNDER_WAY;
    for (int i = 0; i < many; i++) {
      queue(Qos.AT_LEAST_ONCE, 0);
    }
    end(0);
    assertEquals(Estates.MOST_UNDER_WAY, sent().size());
    int most = 0;
    for (int answered = 1; answered <= many; answered++) {
      most = Math.max(most, sent().size() - answered + 1);
      answered(answered, 0);
    }
    assertEquals(Estates.MOST_UNDER_WAY, most);
    List<Long> sequences = sent().stream().map(sent -> sent.getKey().getSequence()).toList();
    assertEquals(sequences.stream().sorted().distinct().toList(), sequences);
    assertEquals(many, sequences.size());
    assertEquals(many, log.size());
  }
}
