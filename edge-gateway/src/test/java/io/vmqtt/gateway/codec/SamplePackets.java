package io.vmqtt.gateway.codec;

import io.vmqtt.gateway.connection.ProtocolLevel;
import java.util.HexFormat;
import java.util.List;

/** Correct packets of clients, one of each kind, with everything in them that may be. */
public final class SamplePackets {
  private static final String USER_PROPERTIES = "26 0001 6e 0001 76 26 0001 6e 0001 77";
  private static final String OF_A_MESSAGE =
      "01 01 02 00000005 03 0004 74657874 08 0002 7265 09 0002 0908 " + USER_PROPERTIES;

  private SamplePackets() {}

  static List<byte[]> connects(ProtocolLevel level) {
    return switch (level) {
      case MQTT_3_1 ->
          List.of(
              packet(0x10, "0006 4d5149736470 03 02 000a 0001 61"),
              packet(0x10, "0006 4d5149736470 03 ee 000a 0001 61 0001 77 0001 78 0001 75 0001 70"));
      case MQTT_3_1_1 ->
          List.of(
              packet(0x10, "0004 4d515454 04 02 000a 0000"),
              packet(0x10, "0004 4d515454 04 f6 000a 0001 61 0001 77 0001 78 0001 75 0001 70"));
      case MQTT_5 ->
          List.of(
              packet(0x10, "0004 4d515454 05 02 000a 00 0000"),
              packet(
                  0x10,
                  "0004 4d515454 05 f6 000a"
                      + properties(
                          "11 0000000a 15 0004 46414b45 16 0002 0102 17 01 19 00 21 0014"
                              + " 22 000a 27 00010000 "
                              + USER_PROPERTIES)
                      + "0001 61"
                      + properties("18 00000007 " + OF_A_MESSAGE)
                      + "0001 77 0001 78 0001 75 0001 70"));
    };
  }

  /** What may come behind CONNECT. */
  static List<byte[]> others(ProtocolLevel level) {
    return level == ProtocolLevel.MQTT_5
        ? List.of(
            packet(0x32, "0003 612f62 0007 00 6869"),
            packet(0x35, "0003 612f62 0007" + properties("23 0005 " + OF_A_MESSAGE) + "70617973"),
            packet(0x30, "0000" + properties("23 0005") + "78"),
            packet(0x82, "0003" + properties("0b 05 " + USER_PROPERTIES) + "0005 612f2b2f23 2e"),
            packet(0x82, "0003 00 000b 2473686172652f672f612f 01 0001 23 14"),
            packet(0xa2, "0004" + properties(USER_PROPERTIES) + "0003 612f23 0001 2b"),
            packet(0x40, "0007 10"),
            packet(0x50, "0007 97" + properties("1f 0005 6c61746572 " + USER_PROPERTIES)),
            packet(0x62, "0007 92 00"),
            packet(0x70, "0007"),
            packet(0xc0, ""),
            packet(0xe0, "04" + properties("11 0000000a 1f 0003 627965")),
            packet(0xf0, "18" + properties("15 0004 46414b45 16 0004 616e6e61")))
        : List.of(
            packet(0x32, "0003 612f62 0007 6869"),
            packet(0x31, "0003 632f64"),
            packet(0x3c, "0001 74 0009 78"),
            packet(0x82, "0003 0005 612f2b2f23 02 0001 23 01"),
            packet(0xa2, "0004 0003 612f23 0001 2b"),
            packet(0x40, "0007"),
            packet(0x50, "0007"),
            packet(0x62, "0007"),
            packet(0x70, "0007"),
            packet(0xc0, ""),
            packet(0xe0, ""));
  }

  private static String properties(String hex) {
    byte[] bytes = bytes(hex);
    return HexFormat.of().formatHex(length(bytes.length)) + HexFormat.of().formatHex(bytes);
  }

  private static byte[] packet(int first, String hex) {
    byte[] body = bytes(hex);
    return withLength(first, body, 0);
  }

  /** The packet that begins so, with what is behind a place in {@code from} in it. */
  public static byte[] withLength(int first, byte[] from, int at) {
    byte[] length = length(from.length - at);
    byte[] packet = new byte[1 + length.length + from.length - at];
    packet[0] = (byte) first;
    System.arraycopy(length, 0, packet, 1, length.length);
    System.arraycopy(from, at, packet, 1 + length.length, from.length - at);
    return packet;
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static byte[] length(int value) {
    String hex = "";
    int left = value;
    do {
      hex += "%02x".formatted((left & 0x7F) | (left > 0x7F ? 0x80 : 0));
      left >>>= 7;
    } while (left > 0);
    return HexFormat.of().parseHex(hex);
  }
}
