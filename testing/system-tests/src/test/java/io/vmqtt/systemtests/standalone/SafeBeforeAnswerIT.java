package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.faultydisk.Luck;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.RawClient;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawPacket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What an answer promises is on the disk before it leaves: each of these has its answer, then the
 * power fails, and nothing is left but what was synced. (What PUBACK and PUBREC say of the messages
 * themselves is in {@link PowerOffIT}.)
 */
class SafeBeforeAnswerIT {
  private static final int MQTT_5 = 5;
  private static final int PACKET = 7;

  /** So long gateways have to come back, and a little more. */
  private static final Duration GRACE = Duration.ofSeconds(12);

  @RegisterExtension static final FailingMachine machine = FailingMachine.create();

  private static Address mqtt() {
    machine.broker().process();
    return machine.broker().mqtt();
  }

  private static RawClient kept(String id) {
    return RawConnect.kept(MQTT_5, id).open(mqtt());
  }

  private static void publish(String topic, String payload) {
    try (RawClient other = RawConnect.clean(MQTT_5, Names.client("publisher")).open(mqtt())) {
      other.publish(topic, payload, 1);
    }
  }

  @Test
  void connack_thenPowerOff_theSessionIsThere() {
    String id = Names.client("client");
    try (RawClient client = kept(id)) {
      assertFalse(client.sessionPresent());
      machine.powerOffAndOn(Luck.none());
    }
    try (RawClient again = kept(id)) {
      assertTrue(again.sessionPresent());
    }
  }

  @Test
  void connack_thenPowerOff_theWillIsPublished() {
    String topic = Names.topic();
    String heir = Names.client("heir");
    try (RawClient client = kept(heir)) {
      client.subscribe(topic, 1);
      client.disconnect();
    }
    try (RawClient _ =
        RawConnect.kept(MQTT_5, Names.client("client"))
            .withWill(topic, "will", false)
            .open(mqtt())) {
      machine.powerOffAndOn(Luck.none());
    }
    try (RawClient client = kept(heir)) {
      client.pingFor(GRACE);
      assertEquals("will", client.receivePayload());
    }
  }

  @Test
  void suback_thenPowerOff_isSubscribed_untilUnsuback() {
    String topic = Names.topic();
    String id = Names.client("client");
    try (RawClient client = kept(id)) {
      client.subscribe(topic + "/stays", 1);
      client.subscribe(topic + "/goes", 1);
      client.unsubscribe(topic + "/goes");
      machine.powerOffAndOn(Luck.none());
    }
    publish(topic + "/goes", "not for it");
    publish(topic + "/stays", "for it");
    try (RawClient again = kept(id)) {
      assertEquals("for it", again.receivePayload());
    }
  }

  @Test
  void pubrec_thenPowerOff_theSameMessageAgainIsNoOther() {
    String topic = Names.topic();
    String subscriber = subscribe(topic);
    String id = Names.client("publisher");
    try (RawClient client = kept(id)) {
      client.sendPublish(2, false, PACKET, topic, "once");
      machine.powerOffAndOn(Luck.none());
    }
    try (RawClient again = kept(id)) {
      again.sendPublish(2, true, PACKET, topic, "once");
      again.release(PACKET);
    }
    mustHave(subscriber, topic, "once");
  }

  @Test
  void pubcomp_thenPowerOff_itsPacketIdIsFree() {
    String topic = Names.topic();
    String subscriber = subscribe(topic);
    String id = Names.client("publisher");
    try (RawClient client = kept(id)) {
      client.sendPublish(2, false, PACKET, topic, "one");
      client.release(PACKET);
      machine.powerOffAndOn(Luck.none());
    }
    try (RawClient again = kept(id)) {
      again.sendPublish(2, false, PACKET, topic, "other");
      again.release(PACKET);
    }
    mustHave(subscriber, topic, "one", "other");
  }

  /** The client's PUBREC is on the disk before PUBREL answers it: the message never comes again. */
  @Test
  void pubrel_thenPowerOff_goesOnWithPubrel() {
    String topic = Names.topic();
    String id = subscribe(topic);
    publish2(topic, "message");
    int packetId;
    try (RawClient client = kept(id)) {
      RawPacket message = client.receive();
      packetId = message.packetId();
      client.sendPubRec(packetId);
      client.expect(PacketType.PUBREL, packetId);
      machine.powerOffAndOn(Luck.none());
    }
    try (RawClient again = kept(id)) {
      RawPacket next = again.next();
      assertEquals(PacketType.PUBREL, next.type());
      assertEquals(packetId, next.packetId());
      again.complete(packetId);
    }
  }

  private static void publish2(String topic, String payload) {
    try (RawClient other = RawConnect.clean(MQTT_5, Names.client("publisher")).open(mqtt())) {
      other.publish(topic, payload, 2);
    }
  }

  /** The client id of a session that is subscribed, and whose client is away. */
  private static String subscribe(String topic) {
    String id = Names.client("subscriber");
    try (RawClient client = kept(id)) {
      client.subscribe(topic, 2);
      client.disconnect();
    }
    return id;
  }

  /** Exactly these, in this order. */
  private static void mustHave(String subscriber, String topic, String... payloads) {
    publish(topic, "end");
    try (RawClient client = kept(subscriber)) {
      for (String payload : payloads) {
        assertEquals(payload, client.receivePayload());
      }
      assertEquals("end", client.receivePayload());
    }
  }
}
