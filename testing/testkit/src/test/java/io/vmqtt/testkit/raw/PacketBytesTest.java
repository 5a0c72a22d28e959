package io.vmqtt.testkit.raw;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PacketBytesTest {
  @Test
  void connect_ofMqtt5_isAsTheSpecificationDrawsIt() {
    assertArrayEquals(
        new byte[] {
          0x10, 15, // CONNECT, remaining length
          0, 4, 'M', 'Q', 'T', 'T', // protocol name
          5, // protocol version
          2, // connect flags: clean start
          0, 60, // keep alive
          0, // no properties
          0, 2, 'i', 'd', // client identifier
        },
        Packets.connect("id"));
  }

  @Test
  void publish_atQos1_isReadBackByRawPacket() {
    byte[] bytes = Packets.publish("a/b", "text", 1, 300);
    byte[] body = Arrays.copyOfRange(bytes, 2, bytes.length);
    RawPacket packet = new RawPacket(bytes[0], body);
    assertEquals(PacketType.PUBLISH, packet.type());
    assertEquals("a/b", packet.topic());
    assertEquals("text", packet.payload());
    assertEquals(1, packet.qos());
    assertEquals(300, packet.packetId());
  }

  @Test
  void packet_longerThan127Bytes_hasALengthOfTwoBytes() {
    byte[] bytes = new PacketBytes().raw(new byte[321]).packet(0x30);
    assertEquals(0x30, bytes[0]);
    assertEquals((byte) (321 % 128 | 128), bytes[1]);
    assertEquals(321 / 128, bytes[2]);
    assertEquals(3 + 321, bytes.length);
  }

  @Test
  void packet_withALengthThatLies_keepsIt() {
    assertArrayEquals(new byte[] {0x30, 9, 1}, new PacketBytes().bytes(1).packet(0x30, 9));
  }
}
