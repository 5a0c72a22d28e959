package io.vmqtt.systemtests.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.conformance.Conforms;
import io.vmqtt.testkit.raw.RawClient;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawPacket;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 4.8.2. One member is there when the message comes, and the other one later. */
public interface SharedRules extends Gateways {
  int QUOTA_EXCEEDED = 0x97;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Conforms(v5 = "MQTT-4.8.2-3")
  default void shared_member_getsItAtItsOwnQos(boolean kept) {
    String topic = Names.topic();
    try (RawClient publisher = open(0, 5);
        RawClient member = newClient(5, kept).open(gateway(1))) {
      member.subscribe(shared(topic), 1);

      publisher.publish(topic, "x", 2);

      assertEquals(1, member.receive().qos());
    }
  }

  @Test
  @Conforms(v5 = "MQTT-4.8.2-4")
  default void shared_connectionOfAKeptMemberBreaks_itGetsTheRest() {
    String topic = Names.topic();
    RawConnect client = newClient(5, true);
    try (RawClient publisher = open(0, 5);
        RawClient other = open(2, 5)) {
      RawClient member = client.open(gateway(1));
      member.subscribe(shared(topic), 2);
      publisher.publish(topic, "begun", 2);
      RawPacket first = member.receive();
      other.subscribe(shared(topic), 2);
      member.cut();

      try (RawClient back = client.open(gateway(2))) {
        RawPacket again = back.receive();
        assertEquals("begun", back.payload(again));
        assertEquals(first.packetId(), again.packetId());
        assertTrue(again.isDuplicate());
        back.acknowledge(again);
      }
      assertNothingButTheEnd(publisher, other, topic);
    }
  }

  /** At QoS 1 another member would get it. */
  @Test
  @Conforms(v5 = "MQTT-4.8.2-5")
  default void shared_sessionOfAMemberEnds_whatHasBegunAtQos2GoesToNobodyElse() {
    String topic = Names.topic();
    RawConnect client = newClient(5, false);
    try (RawClient publisher = open(0, 5);
        RawClient other = open(2, 5)) {
      RawClient member = client.open(gateway(1));
      member.subscribe(shared(topic), 2);
      publisher.publish(topic, "begun", 2);
      member.receive();
      other.subscribe(shared(topic), 2);
      member.cut();

      client.open(gateway(1)).disconnect();
      assertNothingButTheEnd(publisher, other, topic);
    }
  }

  /** It has one message in hand and one in its queue, and either end of its session is an end. */
  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  default void shared_sessionOfAMemberThatIsAwayEnds_anotherGetsWhatItLeftAtQos1(
      boolean startedAnew, boolean otherIsKept) {
    String topic = Names.topic();
    RawConnect client = newClient(5, true).withKeptSeconds(startedAnew ? 3_600 : 1);
    try (RawClient publisher = open(0, 5);
        RawClient other = newClient(5, otherIsKept).open(gateway(2))) {
      RawClient member = client.open(gateway(1));
      member.subscribe(shared(topic), 1);
      publisher.publish(topic, "begun", 1);
      member.receive();
      member.cut();
      publisher.publish(topic, "waits", 1);
      other.subscribe(shared(topic), 1);

      if (startedAnew) {
        RawConnect.clean(5, client.clientId()).open(gateway(0)).disconnect();
      }
      assertEquals(
          List.of("begun", "waits"),
          Stream.of(other.receivePayload(), other.receivePayload()).sorted().toList());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Conforms(v5 = "MQTT-4.8.2-6")
  default void shared_memberRefuses_nobodyElseGetsIt(int qos) {
    String topic = Names.topic();
    RawConnect client = newClient(5, false);
    try (RawClient publisher = open(0, 5);
        RawClient other = open(2, 5)) {
      RawClient member = client.open(gateway(1));
      member.subscribe(shared(topic), qos);
      publisher.publish(topic, "refused", qos);
      RawPacket publish = member.receive();
      other.subscribe(shared(topic), qos);
      member.refuse(publish, QUOTA_EXCEEDED);
      member.disconnect();

      client.open(gateway(1)).disconnect();
      assertNothingButTheEnd(publisher, other, topic);
    }
  }

  private static String shared(String topic) {
    return "$share/group/" + topic;
  }

  private static void assertNothingButTheEnd(RawClient publisher, RawClient other, String topic) {
    other.subscribe(topic + "/end", 1);
    publisher.publish(topic + "/end", "end", 1);
    assertEquals("end", other.receivePayload());
  }
}
