package io.vmqtt.systemtests.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.conformance.Conforms;
import io.vmqtt.testkit.raw.PacketBytes;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.RawClient;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawPacket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 3.1 and 4.1: what stays of a client, and what does not. */
public interface SessionRules extends Gateways {
  int SESSION_TAKEN_OVER = 0x8E;

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  @Conforms(
      v311 = {
        "MQTT-3.1.2-4",
        "MQTT-3.1.2-5",
        "MQTT-3.1.3-2",
        "MQTT-3.2.2-2",
        "MQTT-3.2.2-3",
        "MQTT-4.1.0-1",
        "MQTT-4.5.0-1"
      },
      v5 = {
        "MQTT-3.1.2-5",
        "MQTT-3.1.2-6",
        "MQTT-3.1.2-23",
        "MQTT-3.1.3-2",
        "MQTT-3.2.2-3",
        "MQTT-4.5.0-1"
      })
  default void session_kept_goesOnElsewhereWithWhatCameMeanwhile(int level) {
    String topic = Names.topic();
    RawConnect subscriber = newClient(level, true);
    RawClient before = subscriber.open(gateway(0));
    assertFalse(before.sessionPresent());
    before.subscribe(topic, 2);
    before.disconnect();

    try (RawClient publisher = open(1, level)) {
      publisher.publish(topic, "one", 1);
      publisher.publish(topic, "two", 2);
    }

    try (RawClient after = subscriber.open(gateway(2))) {
      assertTrue(after.sessionPresent());
      assertEquals("one", after.receivePayload());
      assertEquals("two", after.receivePayload());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  @Conforms(
      v311 = {"MQTT-3.1.2-6", "MQTT-3.1.4-3", "MQTT-3.2.2-1"},
      v5 = {"MQTT-3.1.2-4", "MQTT-3.1.4-4", "MQTT-3.2.2-2"})
  default void session_cleanStart_hasNothingOfBeforeAndLeavesNothing(int level) {
    String topic = Names.topic();
    RawConnect kept = newClient(level, true);
    RawClient before = kept.open(gateway(0));
    before.subscribe(topic, 1);
    before.disconnect();
    try (RawClient publisher = open(1, level)) {
      publisher.publish(topic, "of before", 1);

      RawClient clean = RawConnect.clean(level, kept.clientId()).open(gateway(2));
      assertFalse(clean.sessionPresent());
      clean.subscribe(topic + "/end", 1);
      publisher.publish(topic, "not wanted any more", 1);
      publisher.publish(topic + "/end", "end", 1);
      assertEquals("end", clean.receivePayload());
      clean.disconnect();
    }

    try (RawClient after = kept.open(gateway(0))) {
      assertFalse(after.sessionPresent());
    }
  }

  @ParameterizedTest
  @CsvSource({"4, false", "4, true", "5, false", "5, true"})
  @Conforms(v311 = "MQTT-3.1.4-2", v5 = "MQTT-3.1.4-3")
  default void session_connectedTwice_theFirstIsDisconnected(int level, boolean kept) {
    RawConnect client = newClient(level, kept);
    try (RawClient first = client.open(gateway(0));
        RawClient second = client.open(gateway(1))) {
      if (level == 5) {
        RawPacket last = first.next();
        assertEquals(PacketType.DISCONNECT, last.type());
        assertEquals(SESSION_TAKEN_OVER, last.reasonCode());
      }
      first.awaitClosedSilently();
      second.disconnect();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  @Conforms(
      v311 = {"MQTT-4.1.0-1", "MQTT-4.1.0-2"},
      v5 = "MQTT-4.1.0-1")
  default void session_connectedForLongerThanItIsKept_stays(int level) {
    String topic = Names.topic();
    RawConnect subscriber = newClient(level, true).withKeptSeconds(1);
    try (RawClient connected = subscriber.open(gateway(0));
        RawClient publisher = open(1, level)) {
      connected.subscribe(topic, 1);
      connected.pingFor(Duration.ofMillis(1_500));

      publisher.publish(topic, "x", 1);

      assertEquals("x", connected.receivePayload());
      try (RawClient again = subscriber.open(gateway(2))) {
        assertTrue(again.sessionPresent());
      }
    }
  }

  /** The will, which has a longer delay, says when the session is over. */
  @Test
  @Conforms(v5 = {"MQTT-4.1.0-2", "MQTT-3.1.2-8"})
  default void session_expired_isGoneAndItsWillIsPublished() {
    String topic = Names.topic();
    RawConnect leaving =
        newClient(5, true)
            .withKeptSeconds(1)
            .withWill(new RawConnect.RawWill(topic, "over", 1, false, 600, new PacketBytes()));
    try (RawClient subscriber = open(0, 5)) {
      subscriber.subscribe(topic, 1);
      leaving.open(gateway(1)).cut();
      assertEquals("over", subscriber.receivePayload());
    }

    try (RawClient back = leaving.open(gateway(2))) {
      assertFalse(back.sessionPresent());
    }
  }
}
