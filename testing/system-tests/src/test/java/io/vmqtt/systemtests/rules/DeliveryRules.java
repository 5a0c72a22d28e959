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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 3.3.1.1, 3.3.2.3, 4.3 and 4.4: what comes, once or again. */
public interface DeliveryRules extends Gateways {
  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  @Conforms(
      v311 = {
        "MQTT-2.3.1-4",
        "MQTT-3.3.1-1",
        "MQTT-3.3.1-3",
        "MQTT-4.3.2-1",
        "MQTT-4.3.3-1",
        "MQTT-4.4.0-1",
        "MQTT-4.6.0-1"
      },
      v5 = {
        "MQTT-3.3.1-1",
        "MQTT-3.3.1-3",
        "MQTT-4.3.2-2",
        "MQTT-4.3.2-3",
        "MQTT-4.3.3-2",
        "MQTT-4.3.3-3",
        "MQTT-4.4.0-1"
      })
  default void delivery_connectionBreaks_isSentAgainAsItWas(int level) {
    String topic = Names.topic();
    RawConnect client = newClient(level, true);
    try (RawClient publisher = open(0, level)) {
      RawClient subscriber = client.open(gateway(1));
      subscriber.subscribe(topic, 2);
      publisher.sendPublish(1, true, 11, topic, "a");
      publisher.sendPublish(2, true, 12, topic, "b");
      publisher.release(12);
      publisher.sendPublish(1, true, 13, topic, "c");
      List<RawPacket> first = receive(subscriber, 3);
      first.forEach(publish -> assertFalse(publish.isDuplicate()));
      subscriber.cut();

      RawClient again = client.open(gateway(2));
      List<RawPacket> second = receive(again, 3);
      second.forEach(publish -> assertTrue(publish.isDuplicate()));
      assertEquals(List.of("a", "b", "c"), second.stream().map(again::payload).toList());
      assertEquals(packetIds(first), packetIds(second));
      second.forEach(again::acknowledge);
      again.disconnect();

      try (RawClient last = client.open(gateway(0))) {
        publisher.publish(topic, "end", 1);
        assertEquals("end", last.receivePayload());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  @Conforms(
      v311 = {"MQTT-4.3.3-1", "MQTT-4.4.0-1"},
      v5 = {"MQTT-4.3.3-4", "MQTT-4.3.3-5", "MQTT-4.3.3-6", "MQTT-4.4.0-1"})
  default void delivery_connectionBreaksBehindPubRec_goesOnWithPubRel(int level) {
    String topic = Names.topic();
    RawConnect client = newClient(level, true);
    try (RawClient publisher = open(0, level)) {
      RawClient subscriber = client.open(gateway(1));
      subscriber.subscribe(topic, 2);
      publisher.publish(topic, "m", 2);
      int packetId = subscriber.receive().packetId();
      subscriber.sendPubRec(packetId);
      subscriber.expect(PacketType.PUBREL, packetId);
      subscriber.cut();

      RawClient again = client.open(gateway(2));
      RawPacket release = again.next();
      assertEquals(PacketType.PUBREL, release.type());
      assertEquals(packetId, release.packetId());
      again.complete(packetId);
      again.disconnect();

      try (RawClient last = client.open(gateway(0))) {
        publisher.publish(topic, "end", 1);
        RawPacket next = last.next();
        assertEquals(PacketType.PUBLISH, next.type());
        assertEquals("end", last.payload(next));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  @Conforms(
      v311 = "MQTT-4.3.3-2",
      v5 = {"MQTT-4.3.3-8", "MQTT-4.3.3-10", "MQTT-4.3.3-11", "MQTT-4.3.3-12"})
  default void publish_atQos2Repeated_goesOnwardOnce(int level) {
    String topic = Names.topic();
    RawConnect client = newClient(level, true);
    try (RawClient subscriber = open(0, level)) {
      subscriber.subscribe(topic, 2);
      RawClient publisher = client.open(gateway(1));
      publisher.sendPublish(2, false, 7, topic, "once");
      publisher.sendPublish(2, true, 7, topic, "once");
      publisher.cut();

      try (RawClient again = client.open(gateway(2))) {
        again.sendPublish(2, true, 7, topic, "once");
        again.release(7);
        again.sendPublish(2, false, 7, topic, "anew");
        again.release(7);
      }

      assertEquals("once", subscriber.receivePayload());
      assertEquals("anew", subscriber.receivePayload());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  @Conforms(
      v311 = "MQTT-4.3.2-2",
      v5 = {"MQTT-4.3.2-4", "MQTT-4.3.2-5"})
  default void publish_atQos1WithTheSamePacketIdBehindPubAck_isANewMessage(int level) {
    String topic = Names.topic();
    RawConnect away = newClient(level, true);
    try (RawClient publisher = open(0, level)) {
      RawClient subscriber = away.open(gateway(1));
      subscriber.subscribe(topic, 1);
      subscriber.disconnect();

      publisher.sendPublish(1, false, 7, topic, "a");
      publisher.sendPublish(1, true, 7, topic, "b");

      try (RawClient back = away.open(gateway(2))) {
        assertEquals("a", back.receivePayload());
        assertEquals("b", back.receivePayload());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Conforms(v5 = "MQTT-4.4.0-2")
  default void delivery_refused_isNotSentAgain(int qos) {
    String topic = Names.topic();
    RawConnect client = newClient(5, true);
    try (RawClient publisher = open(0, 5)) {
      RawClient subscriber = client.open(gateway(1));
      subscriber.subscribe(topic, qos);
      publisher.publish(topic, "refused", qos);
      subscriber.refuse(subscriber.receive(), SharedRules.QUOTA_EXCEEDED);
      subscriber.disconnect();

      try (RawClient back = client.open(gateway(2))) {
        publisher.publish(topic, "end", qos);
        assertEquals("end", back.receivePayload());
      }
    }
  }

  @Test
  @Conforms(v5 = "MQTT-4.3.3-13")
  default void publish_atQos2Expired_isCompletedAllTheSame() {
    String topic = Names.topic();
    RawConnect client = newClient(5, true);
    RawClient publisher = client.open(gateway(0));
    publisher.sendPublish(2, 7, topic, "expires", expiry(1));
    publisher.pingFor(Duration.ofMillis(1_500));
    publisher.cut();

    try (RawClient again = client.open(gateway(1))) {
      again.sendPublish(2, true, 7, topic, "expires");
      again.release(7);
    }
  }

  /** Payload format, content type, response topic, correlation data, two user properties. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Conforms(
      v5 = {
        "MQTT-3.3.2-4",
        "MQTT-3.3.2-15",
        "MQTT-3.3.2-16",
        "MQTT-3.3.2-17",
        "MQTT-3.3.2-18",
        "MQTT-3.3.2-20"
      })
  default void publish_withProperties_theyComeUnaltered(boolean kept) {
    String topic = Names.topic();
    String properties =
        "0101"
            + "03000474657874"
            + "080002c3a9"
            + "0900020900"
            + "26000162000132"
            + "26000161000131";
    try (RawClient publisher = open(0, 5);
        RawClient subscriber = newClient(5, kept).open(gateway(1))) {
      subscriber.subscribe(topic, 1);

      publisher.publish(
          topic, "x", 1, false, new PacketBytes().raw(HexFormat.of().parseHex(properties)));

      assertEquals(properties, HexFormat.of().formatHex(subscriber.receive().properties()));
    }
  }

  @Test
  @Conforms(v5 = {"MQTT-3.3.2-5", "MQTT-3.3.2-6"})
  default void publish_subscriberIsAway_expiresOrComesWithTheTimeThatIsLeft() {
    String topic = Names.topic();
    RawConnect client = newClient(5, true);
    RawClient subscriber = client.open(gateway(0));
    subscriber.subscribe(topic, 1);
    subscriber.disconnect();
    try (RawClient publisher = open(1, 5)) {
      publisher.publish(topic, "expires", 1, false, expiry(1));
      publisher.publish(topic, "stays", 1, false, expiry(1_000));
      publisher.pingFor(Duration.ofMillis(1_500));
    }

    try (RawClient back = client.open(gateway(2))) {
      RawPacket only = back.receive();
      assertEquals("stays", back.payload(only));
      String left = HexFormat.of().formatHex(only.properties());
      assertEquals("02", left.substring(0, 2));
      int seconds = Integer.parseInt(left.substring(2), 16);
      assertTrue(seconds < 1_000 && seconds > 900, () -> seconds + " s are left");
    }
  }

  private static PacketBytes expiry(long seconds) {
    return new PacketBytes().bytes(0x02).fourBytes(seconds);
  }

  private static List<RawPacket> receive(RawClient client, int count) {
    List<RawPacket> publishes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      publishes.add(client.receive());
    }
    return publishes;
  }

  private static List<Integer> packetIds(List<RawPacket> publishes) {
    return publishes.stream().map(RawPacket::packetId).toList();
  }
}
