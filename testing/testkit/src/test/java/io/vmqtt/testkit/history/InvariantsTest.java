package io.vmqtt.testkit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InvariantsTest {
  private final History history = new History();

  @BeforeEach
  void subscribe() {
    history.subscribed("sub", topic -> topic.startsWith("wanted/"));
  }

  private List<String> words(Invariant invariant) {
    return invariant.violations(history).stream().map(Violation::words).toList();
  }

  private static SentMessage message(int qos, long sequence) {
    return new SentMessage("pub", "wanted/one", qos, sequence);
  }

  private void acknowledge(int qos, long... sequences) {
    for (long sequence : sequences) {
      history.acknowledged(message(qos, sequence));
    }
  }

  private void receive(int qos, long... sequences) {
    for (long sequence : sequences) {
      history.received("sub", message(qos, sequence));
    }
  }

  @Test
  void noAcknowledgedMessageLost_allReceived_holds() {
    acknowledge(1, 1, 2);
    receive(1, 1, 2, 3);
    assertEquals(List.of(), words(new NoAcknowledgedMessageLost()));
    assertTrue(history.isComplete());
  }

  @Test
  void noAcknowledgedMessageLost_oneMissing_namesIt() {
    acknowledge(1, 1, 2);
    receive(1, 1);
    assertEquals(
        List.of("sub never received " + message(1, 2)), words(new NoAcknowledgedMessageLost()));
    assertFalse(history.isComplete());
  }

  @Test
  void noAcknowledgedMessageLost_receivedByAnotherOnly_isBroken() {
    history.subscribed("other", topic -> true);
    acknowledge(2, 1);
    history.received("other", message(2, 1));
    assertEquals(
        List.of("sub never received " + message(2, 1)), words(new NoAcknowledgedMessageLost()));
  }

  @Test
  void noAcknowledgedMessageLost_topicNotSubscribed_isNotOwed() {
    history.acknowledged(new SentMessage("pub", "other", 1, 1));
    assertEquals(List.of(), words(new NoAcknowledgedMessageLost()));
  }

  @Test
  void noAcknowledgedMessageLost_qos0Missing_holds() {
    acknowledge(0, 1);
    assertEquals(List.of(), words(new NoAcknowledgedMessageLost()));
  }

  @Test
  void qosTwoExactlyOnce_eachOnce_holds() {
    acknowledge(2, 1, 2);
    receive(2, 1, 2);
    assertEquals(List.of(), words(new QosTwoExactlyOnce()));
  }

  @Test
  void qosTwoExactlyOnce_oneTwice_namesIt() {
    acknowledge(2, 1, 2);
    receive(2, 1, 2, 1);
    assertEquals(List.of("sub received 2 times " + message(2, 1)), words(new QosTwoExactlyOnce()));
  }

  @Test
  void qosTwoExactlyOnce_unacknowledgedTwice_isBroken() {
    receive(2, 1, 1);
    assertEquals(List.of("sub received 2 times " + message(2, 1)), words(new QosTwoExactlyOnce()));
  }

  @Test
  void qosTwoExactlyOnce_acknowledgedNever_isBroken() {
    acknowledge(2, 1);
    assertEquals(List.of("sub never received " + message(2, 1)), words(new QosTwoExactlyOnce()));
  }

  @Test
  void qosTwoExactlyOnce_qos1Twice_holds() {
    acknowledge(1, 1);
    receive(1, 1, 1);
    assertEquals(List.of(), words(new QosTwoExactlyOnce()));
  }

  @Test
  void orderPerPublisherAndTopic_repeatedWithoutOvertaking_holds() {
    receive(1, 1, 2, 3, 2, 3, 4);
    assertEquals(List.of(), words(new OrderPerPublisherAndTopic()));
  }

  @Test
  void orderPerPublisherAndTopic_overtaken_namesIt() {
    receive(1, 1, 3, 2);
    assertEquals(
        List.of("sub received " + message(1, 2) + " after 3"),
        words(new OrderPerPublisherAndTopic()));
  }

  @Test
  void orderPerPublisherAndTopic_otherPublisherOrTopicOrQos_isAnotherOrder() {
    receive(1, 2);
    receive(2, 1);
    history.received("sub", new SentMessage("other", "wanted/one", 1, 1));
    history.received("sub", new SentMessage("pub", "wanted/two", 1, 1));
    assertEquals(List.of(), words(new OrderPerPublisherAndTopic()));
  }

  @Test
  void subackMeansSubscribed_allThatWasSentAfterIt_holds() {
    send(1);
    History.Watch watch = history.watch("late", topic -> true);
    send(2);
    watch.received(message(1, 2));
    acknowledge(1, 1, 2);
    assertEquals(List.of(), words(new SubackMeansSubscribed()));
  }

  @Test
  void subackMeansSubscribed_sentAfterItAndNotReceived_namesIt() {
    history.watch("late", topic -> true);
    send(1);
    acknowledge(1, 1);
    assertEquals(
        List.of("late had its SUBACK and never received " + message(1, 1)),
        words(new SubackMeansSubscribed()));
  }

  @Test
  void subackMeansSubscribed_connectionHasEnded_nothingIsOwed() {
    History.Watch watch = history.watch("late", topic -> true);
    send(1);
    acknowledge(1, 1);
    watch.end();
    assertEquals(List.of(), words(new SubackMeansSubscribed()));
  }

  @Test
  void subackMeansSubscribed_neverAcknowledged_isNotOwed() {
    history.watch("late", topic -> true);
    send(1);
    assertEquals(List.of(), words(new SubackMeansSubscribed()));
  }

  @Test
  void retainedIsLastAcknowledged_thatOneOrALaterOne_holds() {
    history.retainedAcknowledged(message(1, 3));
    assertEquals(3, history.lastRetained("wanted/one"));
    history.retainedRead("wanted/one", 3, message(1, 3));
    history.retainedRead("wanted/one", 3, message(1, 4));
    history.retainedRead("wanted/two", 0, null);
    assertEquals(List.of(), words(new RetainedIsLastAcknowledged()));
  }

  @Test
  void retainedIsLastAcknowledged_olderOrNone_namesIt() {
    history.retainedRead("wanted/one", 3, message(1, 2));
    history.retainedRead("wanted/one", 3, null);
    assertEquals(
        List.of(
            "retained was " + message(1, 2) + ", not that of 3",
            "wanted/one had no retained message, not that of 3"),
        words(new RetainedIsLastAcknowledged()));
  }

  @Test
  void oneOwnerPerClientId_olderFallsSilent_holds() {
    History.Ownership older = history.connected("c", 0, 0);
    older.answered(900);
    history.connected("c", 1_000, 1_000);
    older.answered(1_400);
    history.connected("d", 2_000, 2_000).answered(9_000);
    assertEquals(List.of(), words(new OneOwnerPerClientId(Duration.ofNanos(500))));
  }

  @Test
  void oneOwnerPerClientId_olderGoesOn_namesBoth() {
    History.Ownership older = history.connected("c", 0, 0);
    history.connected("c", 0, 1_000_000);
    older.answered(4_000_000);
    assertEquals(
        List.of("connection 1 of c was answered 3 ms after the CONNACK of connection 2"),
        words(new OneOwnerPerClientId(Duration.ofMillis(2))));
  }

  /** The broker may have taken them in the order that is not that of their CONNACKs. */
  @Test
  void oneOwnerPerClientId_theyWereUnderWayTogether_eitherMayGoOnButNotBoth() {
    History.Ownership first = history.connected("c", 0, 1_000_000);
    History.Ownership second = history.connected("c", 900_000, 1_100_000);
    first.answered(9_000_000);
    assertEquals(List.of(), words(new OneOwnerPerClientId(Duration.ofMillis(2))));
    second.answered(4_100_000);
    assertEquals(
        List.of("connection 1 of c was answered 3 ms after the CONNACK of connection 2"),
        words(new OneOwnerPerClientId(Duration.ofMillis(2))));
  }

  private void send(long sequence) {
    history.sending(message(1, sequence));
  }

  @Test
  void mustKeep_broken_saysWhichInvariantAndWhere() {
    acknowledge(1, 1);
    AssertionError error =
        assertThrows(
            AssertionError.class,
            () ->
                history.mustKeep(new OrderPerPublisherAndTopic(), new NoAcknowledgedMessageLost()));
    assertTrue(
        String.valueOf(error.getMessage())
            .startsWith(
                "1 violations, such as\nNoAcknowledgedMessageLost: sub never received "
                    + message(1, 1)));
  }

  @Test
  void mustKeep_broken_tellsWhatBecameOfTheMessageAndItsNeighbours() {
    for (long sequence = 1; sequence <= 5; sequence++) {
      send(sequence);
      acknowledge(1, sequence);
      if (sequence == 3) {
        history.note("a gateway sleeps");
      } else {
        receive(1, sequence);
      }
    }
    AssertionError error =
        assertThrows(AssertionError.class, () -> history.mustKeep(new NoAcknowledgedMessageLost()));
    List<String> story =
        String.valueOf(error.getMessage())
            .lines()
            .filter(line -> line.contains(" s  "))
            .map(line -> line.substring(line.indexOf(" s  ") + 4))
            .toList();
    assertEquals(
        List.of(
            "pub sends 2",
            "pub has the acknowledgement of 2",
            "sub receives 2",
            "pub sends 3",
            "pub has the acknowledgement of 3",
            "a gateway sleeps",
            "pub sends 4",
            "pub has the acknowledgement of 4",
            "sub receives 4"),
        story);
  }

  @Test
  void received_neverSubscribed_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> history.received("nobody", message(1, 1)));
  }

  @Test
  void ofPayload_payload_isTheMessage() {
    assertEquals(message(2, 7), SentMessage.ofPayload(message(2, 7).payload()));
    assertThrows(IllegalArgumentException.class, () -> SentMessage.ofPayload("something else"));
  }
}
