package io.vmqtt.systemtests.rules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.conformance.Conforms;
import io.vmqtt.testkit.raw.PacketBytes;
import io.vmqtt.testkit.raw.RawClient;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawConnect.RawWill;
import io.vmqtt.testkit.raw.RawPacket;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sections 3.1.2.5 and 3.1.3.2. When a client is back, the broker has dealt with all that the end
 * before caused: what it publishes then comes behind a will.
 */
public interface WillRules extends Gateways {
  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  @Conforms(
      v311 = {"MQTT-3.1.2-8", "MQTT-3.1.2-10", "MQTT-3.1.2-16"},
      v5 = {"MQTT-3.1.2-7", "MQTT-3.1.2-8", "MQTT-3.1.2-10", "MQTT-3.1.2-14"})
  default void will_connectionBreaks_isPublishedOnce(int level) {
    String topic = Names.topic();
    RawConnect dying = newClient(level, false);
    try (RawClient subscriber = open(0, level);
        RawClient later = open(2, level)) {
      subscriber.subscribe(topic, 1);
      dying.withWill(topic, "died", false).open(gateway(1)).cut();
      assertEquals("died", subscriber.receivePayload());

      dying.open(gateway(2)).cut();
      publishBack(dying, topic);
      assertEquals("end", subscriber.receivePayload());

      later.subscribe(topic, 1);
      assertNothingRetained(subscriber, later, topic);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  @Conforms(v311 = "MQTT-3.1.2-17", v5 = "MQTT-3.1.2-15")
  default void will_toBeRetained_isThereForLaterSubscribers(int level) {
    String topic = Names.topic();
    try (RawClient subscriber = open(0, level);
        RawClient later = open(2, level)) {
      subscriber.subscribe(topic, 1);
      newClient(level, false).withWill(topic, "died", true).open(gateway(1)).cut();
      assertEquals("died", subscriber.receivePayload());

      later.subscribe(topic, 1);

      RawPacket retained = later.receive();
      assertEquals("died", later.payload(retained));
      assertTrue(retained.isRetained());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  @Conforms(
      v311 = {"MQTT-3.1.2-8", "MQTT-3.1.2-10", "MQTT-3.14.4-3"},
      v5 = {"MQTT-3.1.2-8", "MQTT-3.1.2-10", "MQTT-3.14.4-3"})
  default void will_disconnect_isCalledOff(int level) {
    String topic = Names.topic();
    RawConnect leaving = newClient(level, false);
    try (RawClient subscriber = open(0, level)) {
      subscriber.subscribe(topic, 1);
      leaving.withWill(topic, "died", false).open(gateway(1)).disconnect();

      publishBack(leaving, topic);

      assertEquals("end", subscriber.receivePayload());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  @Conforms(v311 = "MQTT-3.1.2-12", v5 = "MQTT-3.1.2-12")
  default void will_noneThisTime_nothingIsPublished(int level) {
    String topic = Names.topic();
    RawConnect client = newClient(level, true);
    try (RawClient subscriber = open(0, level)) {
      subscriber.subscribe(topic, 1);
      client.withWill(topic, "died", false).open(gateway(1)).disconnect();
      client.open(gateway(1)).cut();

      publishBack(client, topic);

      assertEquals("end", subscriber.receivePayload());
    }
  }

  @Test
  @Conforms(v5 = {"MQTT-3.1.3-9", "MQTT-3.1.2-8"})
  default void will_delayed_isCalledOffByAReturn() {
    String topic = Names.topic();
    RawConnect client = newClient(5, true);
    try (RawClient subscriber = open(0, 5)) {
      subscriber.subscribe(topic, 1);
      client
          .withWill(new RawWill(topic, "died", 1, false, 3, new PacketBytes()))
          .open(gateway(1))
          .cut();

      try (RawClient back = client.open(gateway(2))) {
        back.pingFor(Duration.ofMillis(3_500));
        back.publish(topic, "end", 1);
      }

      assertEquals("end", subscriber.receivePayload());
    }
  }

  @Test
  @Conforms(v5 = "MQTT-3.1.3-10")
  default void will_userProperties_keepTheirOrder() {
    String topic = Names.topic();
    byte[] properties = HexFormat.of().parseHex("2600016200013226000161000131");
    try (RawClient subscriber = open(0, 5)) {
      subscriber.subscribe(topic, 1);
      newClient(5, false)
          .withWill(new RawWill(topic, "died", 1, false, 0, new PacketBytes().raw(properties)))
          .open(gateway(1))
          .cut();

      RawPacket will = subscriber.receive();
      assertArrayEquals(properties, will.properties());
      assertFalse(will.isRetained());
    }
  }

  private void publishBack(RawConnect client, String topic) {
    try (RawClient back = client.open(gateway(2))) {
      back.publish(topic, "end", 1);
      back.disconnect();
    }
  }
}
