package io.vmqtt.gateway.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WrittenPacketsTest {
  private final WrittenPackets packets = new WrittenPackets();
  private final List<String> read = new ArrayList<>();

  private void write(boolean hasProperties, String hex) {
    ByteBuf buffer = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    packets.read(
        buffer,
        hasProperties,
        (type, topic, facts) -> read.add(type + " " + topic + new TreeMap<>(facts)));
  }

  @Test
  void severalInOneBuffer_each() {
    write(true, "20 03 01 00 00" + "40 02 00 09" + "50 04 00 0a 87 00" + "d0 00");

    assertEquals(
        List.of(
            "CONNACK {bytes=5, reason=0, sessionPresent=true}",
            "PUBACK {bytes=4, packetId=9, reason=0}",
            "PUBREC {bytes=6, packetId=10, reason=135}",
            "PINGRESP {bytes=2}"),
        read);
  }

  @Test
  void payloadInOtherBuffers_isPassedOver() {
    write(true, "3b 8a 01 00 03 61 2f 62 00 05 00"); // 138 bytes, of which 8 are here
    for (int i = 0; i < 13; i++) {
      write(true, "e0 00 e0 00 e0 00 e0 00 e0 00");
    }
    write(true, "e0 01 8e");

    assertEquals(
        List.of(
            "PUBLISH a/b{bytes=141, dup=true, packetId=5, qos=1, retain=true}",
            "DISCONNECT {bytes=3, reason=142}"),
        read);
  }

  @Test
  void reasonsOfSuback_withAndWithoutProperties() {
    write(true, "90 05 00 01 00 02 87");
    write(false, "90 04 00 02 00 80");

    assertEquals(
        List.of(
            "SUBACK {bytes=7, packetId=1, reasons=[2, 135]}",
            "SUBACK {bytes=6, packetId=2, reasons=[0, 128]}"),
        read);
  }
}
