package io.vmqtt.systemtests.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.conformance.Conforms;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.RawClient;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawPacket;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 3.3.4, 3.8, 3.10 and 4.7: which messages go to whom, and how. */
public interface SubscriptionRules extends Gateways {
  @ParameterizedTest
  @CsvSource({"4, false", "4, true", "5, false", "5, true"})
  @Conforms(v311 = "MQTT-3.8.4-6", v5 = "MQTT-3.8.4-8")
  default void subscribe_qosDiffers_theLowerCounts(int level, boolean kept) {
    String topic = Names.topic();
    try (RawClient publisher = open(0, level);
        RawClient subscriber = newClient(level, kept).open(gateway(1))) {
      subscriber.subscribe(topic, 1);

      publisher.publish(topic, "two", 2);
      publisher.publish(topic, "one", 1);
      assertEquals(1, subscriber.receive().qos());
      assertEquals(1, subscriber.receive().qos());
      publisher.publish(topic, "zero", 0);
      assertEquals(0, subscriber.receive().qos());
    }
  }

  @ParameterizedTest
  @CsvSource({"4, false", "4, true", "5, false", "5, true"})
  @Conforms(v311 = "MQTT-3.8.4-3", v5 = "MQTT-3.8.4-3")
  default void subscribe_sameFilterAgain_replacesTheSubscription(int level, boolean kept) {
    String topic = Names.topic();
    try (RawClient publisher = open(0, level);
        RawClient subscriber = newClient(level, kept).open(gateway(1))) {
      subscriber.subscribe(topic, 2);
      subscriber.subscribe(topic, 1);

      publisher.publish(topic, "x", 2);
      publisher.publish(topic, "end", 1);

      RawPacket only = subscriber.receive();
      assertEquals("x", subscriber.payload(only));
      assertEquals(1, only.qos());
      assertEquals("end", subscriber.receivePayload());
    }
  }

  @ParameterizedTest
  @CsvSource({"4, false", "4, true", "5, false", "5, true"})
  @Conforms(v311 = "MQTT-3.3.5-1", v5 = "MQTT-3.3.4-2")
  default void subscribe_overlapping_theHighestQosCounts(int level, boolean kept) {
    String topic = Names.topic();
    try (RawClient publisher = open(0, level);
        RawClient subscriber = newClient(level, kept).open(gateway(1))) {
      subscriber.subscribe(topic + "/+", 0);
      subscriber.subscribe(topic + "/x", 2);
      subscriber.subscribe(topic + "/#", 1);

      publisher.publish(topic + "/x", "m", 2);

      assertEquals(2, subscriber.receive().qos());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Conforms(v5 = {"MQTT-3.3.4-3", "MQTT-3.3.4-4"})
  default void subscribe_withIdentifiers_theCopyHasThoseOfAllThatMatch(boolean kept) {
    String topic = Names.topic();
    try (RawClient publisher = open(0, 5);
        RawClient subscriber = newClient(5, kept).open(gateway(1))) {
      subscriber.subscribe(topic, 1, 3);
      subscriber.subscribe(topic + "/#", 1, 4);
      subscriber.subscribe(topic + "/other", 1, 5);

      publisher.publish(topic, "x", 1);

      assertEquals(List.of(3, 4), identifiers(subscriber.receive()));
    }
  }

  /** The broker sends a copy of its own to a member whose session ends with its connection. */
  @Test
  @Conforms(v5 = "MQTT-3.3.4-5")
  default void subscribe_asMemberOfAGroupToo_eachCopyHasItsOwnIdentifiers() {
    String topic = Names.topic();
    try (RawClient publisher = open(0, 5);
        RawClient subscriber = open(1, 5)) {
      subscriber.subscribe(topic, 1, 3);
      subscriber.subscribe("$share/group/" + topic, 1, 4);

      publisher.publish(topic, "x", 1);

      List<Integer> first = identifiers(subscriber.receive());
      List<Integer> second = identifiers(subscriber.receive());
      assertEquals(Set.of(List.of(3), List.of(4)), Set.of(first, second));
    }
  }

  /** The properties, which are identifiers below 128: these, in their order. */
  private static List<Integer> identifiers(RawPacket publish) {
    byte[] properties = publish.properties();
    return IntStream.range(0, properties.length)
        .filter(at -> at % 2 == 1)
        .mapToObj(at -> (int) properties[at])
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Conforms(v5 = "MQTT-3.8.3-3")
  default void subscribe_noLocal_getsWhatOthersPublishOnly(boolean kept) {
    String topic = Names.topic();
    RawConnect client = newClient(5, kept);
    try (RawClient other = open(0, 5);
        RawClient subscriber = client.open(gateway(1))) {
      subscriber.subscribe(topic, 1 | RawClient.NO_LOCAL);

      subscriber.publish(topic, "own", 1);
      other.publish(topic, "other", 1);

      assertEquals("other", subscriber.receivePayload());
    }
  }

  @ParameterizedTest
  @CsvSource({"4, false", "4, true", "5, false", "5, true"})
  @Conforms(
      v311 = {"MQTT-3.10.4-1", "MQTT-3.10.4-2"},
      v5 = {"MQTT-3.10.4-1", "MQTT-3.10.4-2"})
  default void unsubscribe_oneFilter_endsThatAndNoOther(int level, boolean kept) {
    String topic = Names.topic();
    try (RawClient publisher = open(0, level);
        RawClient subscriber = newClient(level, kept).open(gateway(1))) {
      subscriber.subscribe(topic + "/+", 1);
      subscriber.subscribe(topic + "/x", 1);
      subscriber.unsubscribe(topic + "/#");
      subscriber.unsubscribe(topic + "/X");
      subscriber.unsubscribe(topic + "/+");

      publisher.publish(topic + "/y", "not wanted any more", 1);
      publisher.publish(topic + "/x", "still wanted", 1);
      assertEquals("still wanted", subscriber.receivePayload());

      subscriber.unsubscribe(topic + "/x");
      subscriber.subscribe(topic + "/end", 1);
      publisher.publish(topic + "/x", "not wanted any more", 1);
      publisher.publish(topic + "/end", "end", 1);
      assertEquals("end", subscriber.receivePayload());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  @Conforms(v311 = "MQTT-3.10.4-3", v5 = "MQTT-3.10.4-3")
  default void unsubscribe_deliveriesHaveBegun_areCompleted(int level) {
    String topic = Names.topic();
    RawConnect client = newClient(level, true);
    try (RawClient publisher = open(0, level)) {
      RawClient subscriber = client.open(gateway(1));
      subscriber.subscribe(topic, 2);
      publisher.publish(topic, "one", 1);
      publisher.publish(topic, "two", 2);
      RawPacket one = subscriber.receive();
      RawPacket two = subscriber.receive();

      subscriber.unsubscribe(topic);
      subscriber.sendPubRec(two.packetId());
      subscriber.expect(PacketType.PUBREL, two.packetId());
      subscriber.cut();

      try (RawClient again = client.open(gateway(2))) {
        assertEquals(one.packetId(), again.take(PacketType.PUBLISH).packetId());
        again.expect(PacketType.PUBREL, two.packetId());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"4, false", "4, true", "5, false", "5, true"})
  @Conforms(v311 = "MQTT-4.7.2-1", v5 = "MQTT-4.7.2-1")
  default void match_wildcardInTheFirstLevel_noTopicOfTheServer(int level, boolean kept) {
    String name = Names.topic();
    try (RawClient publisher = open(0, level);
        RawClient subscriber = newClient(level, kept).open(gateway(1))) {
      subscriber.subscribe("+/" + name + "/#", 1);

      publisher.publish("$" + name + "/" + name, "hidden", 1);
      publisher.publish("end/" + name, "end", 1);

      assertEquals("end", subscriber.receivePayload());
    }
  }

  /** Two spellings of one letter, its capital, and a level more. */
  @ParameterizedTest
  @CsvSource({"4, false", "4, true", "5, false", "5, true"})
  @Conforms(v311 = "MQTT-4.7.3-4", v5 = "MQTT-4.7.3-4")
  default void match_textsThatLookAlike_areNotTheSame(int level, boolean kept) {
    String topic = Names.topic() + "/";
    try (RawClient publisher = open(0, level);
        RawClient subscriber = newClient(level, kept).open(gateway(1))) {
      subscriber.subscribe(topic + "\u00e9", 1);

      for (String other : List.of("e\u0301", "\u00c9", "\u00e9/", "e")) {
        publisher.publish(topic + other, "another topic", 1);
      }
      publisher.publish(topic + "\u00e9", "x", 1);

      RawPacket only = subscriber.receive();
      assertEquals(topic + "\u00e9", only.topic());
      assertEquals("x", subscriber.payload(only));
    }
  }
}
