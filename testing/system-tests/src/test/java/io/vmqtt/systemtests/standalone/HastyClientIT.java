package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.raw.RawPacket;
import java.io.ByteArrayOutputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that do not wait, over sockets of the operating system. */
class HastyClientIT {
  private static final int CLIENTS = 30;
  private static final int MORE_THAN_ANY_RECEIVE_MAXIMUM = 66_000;

  @RegisterExtension static final BrokerProcess broker = BrokerProcess.standalone();

  /** Section 3.1.4 allows it, and devices that run on a battery do it. */
  @Test
  void publish_behindConnectAndGone_everyMessageArrives() {
    String topic = Names.topic();
    try (RawConnection subscriber =
        RawConnection.openAnd(broker.mqtt(), Packets.connect(Names.client("subscriber")))) {
      subscriber.send(Packets.subscribe(1, topic, 1));
      assertEquals(PacketType.SUBACK, subscriber.read().type());

      for (int i = 0; i < CLIENTS; i++) {
        try (RawConnection device = RawConnection.open(broker.mqtt())) {
          device.send(
              joined(
                  Packets.connect(Names.client("device")),
                  i % 3 == 0
                      ? Packets.publish(topic, "message " + i)
                      : Packets.publish(topic, "message " + i, i % 3, 1),
                  Packets.disconnect()));
          device.endStream();
        }
      }

      Set<String> arrived = new HashSet<>();
      while (arrived.size() < CLIENTS) {
        RawPacket packet = subscriber.read();
        arrived.add(packet.payload());
        if (packet.qos() == 1) {
          subscriber.send(Packets.pubAck(packet.packetId()));
        }
      }
      assertEquals(
          IntStream.range(0, CLIENTS).mapToObj(i -> "message " + i).collect(Collectors.toSet()),
          arrived);
    }
  }

  /** What it has sent beyond its error is unread when the broker has said why: section 4.13. */
  @Test
  void disconnect_clientIsStillSending_theReasonArrives() {
    String topic = Names.topic();
    try (RawConnection client =
        RawConnection.openAnd(broker.mqtt(), Packets.connect(Names.client("flood")))) {
      for (int i = 1; i <= MORE_THAN_ANY_RECEIVE_MAXIMUM; i++) {
        client.send(Packets.publish(topic, "m", 2, 1 + i % 65_535));
      }

      RawPacket packet = client.read();
      while (packet.type() == PacketType.PUBREC) {
        packet = client.read();
      }
      assertEquals(PacketType.DISCONNECT, packet.type());
      assertTrue(packet.reasonCode() >= 0x80, packet.toString());
    }
  }

  private static byte[] joined(byte[]... packets) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] packet : packets) {
      all.writeBytes(packet);
    }
    return all.toByteArray();
  }
}
