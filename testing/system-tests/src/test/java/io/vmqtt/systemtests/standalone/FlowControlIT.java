package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.conformance.Conforms;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.raw.RawPacket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowControlIT {
  private static final int WINDOW = 5;
  private static final int MESSAGES = 30;

  @RegisterExtension static final BrokerProcess broker = BrokerProcess.standalone();
  @RegisterExtension final Clients clients = new Clients();

  /** All publishes at QoS 1 and 2 that have arrived when the one at QoS 0, sent last, arrives. */
  private static List<RawPacket> readUntil(RawConnection connection, String marker) {
    List<RawPacket> counted = new ArrayList<>();
    for (RawPacket packet = connection.read(); ; packet = connection.read()) {
      if (packet.type() != PacketType.PUBLISH) {
        throw new AssertionError("unexpected " + packet);
      }
      if (packet.qos() == 0) {
        assertEquals(marker, packet.payload());
        return counted;
      }
      counted.add(packet);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Conforms(v5 = {"MQTT-3.3.4-9", "MQTT-4.9.0-2"})
  void deliver_clientThatDoesNotAcknowledge_getsItsWindowAndNoMore(int qos) {
    String topic = Names.topic();
    RecordingClient publisher = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    try (RawConnection slow =
        RawConnection.openAnd(
            broker.mqtt(), Packets.connectWithReceiveMaximum(Names.client("slow"), WINDOW))) {
      slow.send(Packets.subscribe(1, topic, qos));
      assertEquals(qos, slow.read().reasonCode());

      for (int i = 0; i < MESSAGES; i++) {
        publisher.publish(topic, "message " + i, qos);
      }
      publisher.publish(topic, "first marker", 0);
      List<RawPacket> window = readUntil(slow, "first marker");
      assertEquals(
          List.of("message 0", "message 1", "message 2", "message 3", "message 4"),
          window.stream().map(RawPacket::payload).toList());
      assertEquals(WINDOW, window.stream().map(RawPacket::packetId).distinct().count());

      acknowledge(slow, window.get(0), qos);
      assertEquals("message 5", slow.read().payload());
      acknowledge(slow, window.get(1), qos);
      assertEquals("message 6", slow.read().payload());
      publisher.publish(topic, "second marker", 0);
      assertEquals(List.of(), readUntil(slow, "second marker"));
    }
  }

  private static void acknowledge(RawConnection connection, RawPacket publish, int qos) {
    if (qos == 1) {
      connection.send(Packets.pubAck(publish.packetId()));
      return;
    }
    connection.send(Packets.pubRec(publish.packetId()));
    RawPacket answer = connection.read();
    assertEquals(PacketType.PUBREL, answer.type());
    assertEquals(publish.packetId(), answer.packetId());
    connection.send(Packets.pubComp(publish.packetId()));
  }

  @Test
  @Conforms(v5 = "MQTT-3.3.4-9")
  void deliver_qos2ReceivedButNotCompleted_stillCountsInTheWindow() {
    String topic = Names.topic();
    RecordingClient publisher = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    try (RawConnection slow =
        RawConnection.openAnd(
            broker.mqtt(), Packets.connectWithReceiveMaximum(Names.client("slow"), 1))) {
      slow.send(Packets.subscribe(1, topic, 2));
      slow.read();
      publisher.publish(topic, "first", 2);
      publisher.publish(topic, "second", 2);
      RawPacket first = slow.read();
      assertEquals("first", first.payload());
      slow.send(Packets.pubRec(first.packetId()));
      assertEquals(PacketType.PUBREL, slow.read().type());
      publisher.publish(topic, "marker", 0);
      assertEquals(List.of(), readUntil(slow, "marker"));
      slow.send(Packets.pubComp(first.packetId()));
      assertEquals("second", slow.read().payload());
    }
  }

  @Test
  void publish_slowSubscriber_doesNotHoldUpAnother() {
    String topic = Names.topic();
    RecordingClient quick = clients.connect(ClientLibrary.PAHO_5, broker.mqtt());
    quick.subscribe(topic, 1);
    RecordingClient publisher = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    try (RawConnection slow =
        RawConnection.openAnd(
            broker.mqtt(), Packets.connectWithReceiveMaximum(Names.client("slow"), 1))) {
      slow.send(Packets.subscribe(1, topic, 1));
      slow.read();
      for (int i = 0; i < MESSAGES; i++) {
        publisher.publish(topic, "message " + i, 1);
      }
      quick.inbox().awaitPayload("message " + (MESSAGES - 1));
      assertEquals(MESSAGES, quick.inbox().all().size());
    }
  }
}
