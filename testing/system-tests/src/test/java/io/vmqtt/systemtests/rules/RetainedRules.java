package io.vmqtt.systemtests.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.conformance.Conforms;
import io.vmqtt.testkit.raw.RawClient;
import io.vmqtt.testkit.raw.RawPacket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 3.3.1.3. */
public interface RetainedRules extends Gateways {
  /** The one who published it is gone by then, and its session. */
  @ParameterizedTest
  @CsvSource({"4, false", "4, true", "5, false", "5, true"})
  @Conforms(
      v311 = {"MQTT-3.1.2-7", "MQTT-3.3.1-5", "MQTT-3.3.1-6", "MQTT-3.3.1-8"},
      v5 = {"MQTT-3.3.1-5", "MQTT-3.3.1-9"})
  default void retained_newSubscription_getsTheLastAtItsQos(int level, boolean kept) {
    String topic = Names.topic();
    try (RawClient publisher = open(0, level)) {
      publisher.publishRetained(topic, "first", 2);
      publisher.publishRetained(topic, "last", 1);
      publisher.disconnect();
    }

    try (RawClient subscriber = newClient(level, kept).open(gateway(1))) {
      subscriber.subscribe(topic, 2);

      RawPacket retained = subscriber.receive();
      assertEquals("last", subscriber.payload(retained));
      assertEquals(1, retained.qos());
      assertTrue(retained.isRetained());
    }
  }

  /** What is published behind it is answered when the topic has it. */
  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  @Conforms(v311 = "MQTT-3.3.1-7", v5 = "MQTT-3.3.1-5")
  default void retained_atQos0_replacesToo(int level) {
    String topic = Names.topic();
    try (RawClient publisher = open(0, level);
        RawClient subscriber = open(1, level)) {
      publisher.publishRetained(topic, "old", 1);
      publisher.publishRetained(topic, "new", 0);
      publisher.publish(topic, "behind", 1);

      subscriber.subscribe(topic, 1);

      assertEquals("new", subscriber.receivePayload());
    }
  }

  @ParameterizedTest
  @CsvSource({"4, false", "4, true", "5, false", "5, true"})
  @Conforms(v311 = "MQTT-3.3.1-9", v5 = "MQTT-3.3.1-12")
  default void retained_subscriptionOfBefore_getsItWithoutRetain(int level, boolean kept) {
    String topic = Names.topic();
    try (RawClient publisher = open(0, level);
        RawClient subscriber = newClient(level, kept).open(gateway(1))) {
      subscriber.subscribe(topic, 1);

      publisher.publishRetained(topic, "live", 1);

      assertFalse(subscriber.receive().isRetained());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  @Conforms(
      v311 = {"MQTT-3.3.1-10", "MQTT-3.3.1-11"},
      v5 = {"MQTT-3.3.1-6", "MQTT-3.3.1-7"})
  default void retained_empty_clearsTheTopicAndGoesToSubscribers(int level) {
    String topic = Names.topic();
    try (RawClient publisher = open(0, level);
        RawClient subscriber = open(1, level);
        RawClient later = open(2, level)) {
      publisher.publishRetained(topic, "old", 1);
      subscriber.subscribe(topic, 1);
      assertEquals("old", subscriber.receivePayload());

      publisher.publishRetained(topic, "", 1);

      assertEquals("", subscriber.receivePayload());
      later.subscribe(topic, 1);
      assertNothingRetained(publisher, later, topic);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  @Conforms(v311 = "MQTT-3.3.1-12", v5 = "MQTT-3.3.1-8")
  default void retained_publishesWithoutRetain_changeNothing(int level) {
    String topic = Names.topic();
    try (RawClient publisher = open(0, level);
        RawClient subscriber = open(1, level)) {
      publisher.publish(topic + "/never", "live", 1);
      publisher.publishRetained(topic, "kept", 1);
      publisher.publish(topic, "live", 1);
      publisher.publish(topic, "", 1);

      subscriber.subscribe(topic, 1);
      subscriber.subscribe(topic + "/never", 1);

      RawPacket retained = subscriber.receive();
      assertEquals("kept", subscriber.payload(retained));
      subscriber.acknowledge(retained);
      assertNothingRetained(publisher, subscriber, topic + "/never");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  @Conforms(
      v311 = "MQTT-3.8.4-3",
      v5 = {"MQTT-3.3.1-9", "MQTT-3.8.4-4"})
  default void retained_subscribedAgain_comesAgain(int level) {
    String topic = Names.topic();
    try (RawClient publisher = open(0, level);
        RawClient subscriber = open(1, level)) {
      publisher.publishRetained(topic, "retained", 1);

      for (int time = 1; time <= 2; time++) {
        subscriber.subscribe(topic, 1);
        assertEquals("retained", subscriber.receivePayload());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Conforms(v5 = {"MQTT-3.3.1-10", "MQTT-3.3.1-11"})
  default void retained_handlingOfTheSubscription_decidesWhetherItComes(boolean kept) {
    String topic = Names.topic();
    try (RawClient publisher = open(0, 5);
        RawClient subscriber = newClient(5, kept).open(gateway(1))) {
      publisher.publishRetained(topic, "retained", 1);

      subscriber.subscribe(topic, 1 | RawClient.NO_RETAINED);
      subscriber.subscribe(topic, 1 | RawClient.RETAINED_IF_NEW);
      assertNothingRetained(publisher, subscriber, topic);

      subscriber.unsubscribe(topic);
      subscriber.subscribe(topic, 1 | RawClient.RETAINED_IF_NEW);
      assertEquals("retained", subscriber.receivePayload());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Conforms(v5 = "MQTT-3.3.1-13")
  default void retained_asPublished_comesWithTheFlagOfItsPublisher(boolean kept) {
    String topic = Names.topic();
    try (RawClient publisher = open(0, 5);
        RawClient subscriber = newClient(5, kept).open(gateway(1))) {
      subscriber.subscribe(topic, 1 | RawClient.RETAIN_AS_PUBLISHED);

      publisher.publishRetained(topic, "with", 1);
      publisher.publish(topic, "without", 1);

      assertTrue(subscriber.receive().isRetained());
      assertFalse(subscriber.receive().isRetained());
    }
  }
}
