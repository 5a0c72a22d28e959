package io.vmqtt.testkit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InvariantsTest {
  private final History history = new History();

  @BeforeEach
  void subscribe() {
    history.subscribed("sub", topic -> topic.startsWith("wanted/"));
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
    assertEquals(List.of(), new NoAcknowledgedMessageLost().violations(history));
    assertTrue(history.isComplete());
  }

  @Test
  void noAcknowledgedMessageLost_oneMissing_namesIt() {
    acknowledge(1, 1, 2);
    receive(1, 1);
    assertEquals(
        List.of("sub never received " + message(1, 2)),
        new NoAcknowledgedMessageLost().violations(history));
    assertFalse(history.isComplete());
  }

  @Test
  void noAcknowledgedMessageLost_receivedByAnotherOnly_isBroken() {
    history.subscribed("other", topic -> true);
    acknowledge(2, 1);
    history.received("other", message(2, 1));
    assertEquals(
        List.of("sub never received " + message(2, 1)),
        new NoAcknowledgedMessageLost().violations(history));
  }

  @Test
  void noAcknowledgedMessageLost_topicNotSubscribed_isNotOwed() {
    history.acknowledged(new SentMessage("pub", "other", 1, 1));
    assertEquals(List.of(), new NoAcknowledgedMessageLost().violations(history));
  }

  @Test
  void noAcknowledgedMessageLost_qos0Missing_holds() {
    acknowledge(0, 1);
    assertEquals(List.of(), new NoAcknowledgedMessageLost().violations(history));
  }

  @Test
  void qosTwoExactlyOnce_eachOnce_holds() {
    acknowledge(2, 1, 2);
    receive(2, 1, 2);
    assertEquals(List.of(), new QosTwoExactlyOnce().violations(history));
  }

  @Test
  void qosTwoExactlyOnce_oneTwice_namesIt() {
    acknowledge(2, 1, 2);
    receive(2, 1, 2, 1);
    assertEquals(
        List.of("sub received 2 times " + message(2, 1)),
        new QosTwoExactlyOnce().violations(history));
  }

  @Test
  void qosTwoExactlyOnce_unacknowledgedTwice_isBroken() {
    receive(2, 1, 1);
    assertEquals(
        List.of("sub received 2 times " + message(2, 1)),
        new QosTwoExactlyOnce().violations(history));
  }

  @Test
  void qosTwoExactlyOnce_acknowledgedNever_isBroken() {
    acknowledge(2, 1);
    assertEquals(
        List.of("sub never received " + message(2, 1)),
        new QosTwoExactlyOnce().violations(history));
  }

  @Test
  void qosTwoExactlyOnce_qos1Twice_holds() {
    acknowledge(1, 1);
    receive(1, 1, 1);
    assertEquals(List.of(), new QosTwoExactlyOnce().violations(history));
  }

  @Test
  void orderPerPublisherAndTopic_repeatedWithoutOvertaking_holds() {
    receive(1, 1, 2, 3, 2, 3, 4);
    assertEquals(List.of(), new OrderPerPublisherAndTopic().violations(history));
  }

  @Test
  void orderPerPublisherAndTopic_overtaken_namesIt() {
    receive(1, 1, 3, 2);
    assertEquals(
        List.of("sub received " + message(1, 2) + " after 3"),
        new OrderPerPublisherAndTopic().violations(history));
  }

  @Test
  void orderPerPublisherAndTopic_otherPublisherOrTopicOrQos_isAnotherOrder() {
    receive(1, 2);
    receive(2, 1);
    history.received("sub", new SentMessage("other", "wanted/one", 1, 1));
    history.received("sub", new SentMessage("pub", "wanted/two", 1, 1));
    assertEquals(List.of(), new OrderPerPublisherAndTopic().violations(history));
  }

  @Test
  void mustKeep_broken_saysWhichInvariantAndWhere() {
    acknowledge(1, 1);
    AssertionError error =
        assertThrows(
            AssertionError.class,
            () ->
                history.mustKeep(new OrderPerPublisherAndTopic(), new NoAcknowledgedMessageLost()));
    assertEquals(
        "1 violations, such as\nNoAcknowledgedMessageLost: sub never received " + message(1, 1),
        error.getMessage());
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
