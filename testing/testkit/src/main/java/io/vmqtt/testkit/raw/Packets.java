package io.vmqtt.testkit.raw;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Correct packets of MQTT 5, where not said otherwise. */
public final class Packets {
  private static final int CLEAN_START = 0x02;
  private static final int USER_AND_PASSWORD = 0xC0;
  private static final int KEEP_ALIVE_SECONDS = 60;
  private static final int RECEIVE_MAXIMUM = 0x21;

  private Packets() {}

  /** CONNECT with a clean start. */
  public static byte[] connect(String clientId) {
    return connectWithKeepAlive(clientId, KEEP_ALIVE_SECONDS);
  }

  /** CONNECT with a clean start, a user and his password. */
  public static byte[] connectAs(String clientId, String user, String password) {
    return new PacketBytes()
        .string("MQTT")
        .bytes(5, CLEAN_START | USER_AND_PASSWORD)
        .twoBytes(KEEP_ALIVE_SECONDS)
        .noProperties()
        .string(clientId)
        .string(user)
        .string(password)
        .packet(0x10);
  }

  /** CONNECT with a clean start and a keep alive. */
  public static byte[] connectWithKeepAlive(String clientId, int keepAliveSeconds) {
    return new PacketBytes()
        .string("MQTT")
        .bytes(5, CLEAN_START)
        .twoBytes(keepAliveSeconds)
        .noProperties()
        .string(clientId)
        .packet(0x10);
  }

  /** CONNECT with a clean start and a bound on unacknowledged deliveries. */
  public static byte[] connectWithReceiveMaximum(String clientId, int receiveMaximum) {
    return new PacketBytes()
        .string("MQTT")
        .bytes(5, CLEAN_START)
        .twoBytes(KEEP_ALIVE_SECONDS)
        .properties(new PacketBytes().bytes(RECEIVE_MAXIMUM).twoBytes(receiveMaximum))
        .string(clientId)
        .packet(0x10);
  }

  /** CONNECT of MQTT 3.1.1 with a clean session. */
  public static byte[] connect311(String clientId) {
    return new PacketBytes()
        .string("MQTT")
        .bytes(4, CLEAN_START)
        .twoBytes(KEEP_ALIVE_SECONDS)
        .string(clientId)
        .packet(0x10);
  }

  /** PUBLISH at QoS 0. */
  public static byte[] publish(String topic, String payload) {
    return new PacketBytes().string(topic).noProperties().raw(payload.getBytes(UTF_8)).packet(0x30);
  }

  /** PUBLISH at QoS 1 or 2. */
  public static byte[] publish(String topic, String payload, int qos, int packetId) {
    return new PacketBytes()
        .string(topic)
        .twoBytes(packetId)
        .noProperties()
        .raw(payload.getBytes(UTF_8))
        .packet(0x30 | qos << 1);
  }

  /** SUBSCRIBE to one filter. */
  public static byte[] subscribe(int packetId, String filter, int qos) {
    return new PacketBytes()
        .twoBytes(packetId)
        .noProperties()
        .string(filter)
        .bytes(qos)
        .packet(0x82);
  }

  /** PUBACK. */
  public static byte[] pubAck(int packetId) {
    return new PacketBytes().twoBytes(packetId).packet(0x40);
  }

  /** PUBREC. */
  public static byte[] pubRec(int packetId) {
    return new PacketBytes().twoBytes(packetId).packet(0x50);
  }

  /** PUBREL. */
  public static byte[] pubRel(int packetId) {
    return new PacketBytes().twoBytes(packetId).packet(0x62);
  }

  /** PUBCOMP. */
  public static byte[] pubComp(int packetId) {
    return new PacketBytes().twoBytes(packetId).packet(0x70);
  }

  /** PINGREQ. */
  public static byte[] pingReq() {
    return new PacketBytes().packet(0xC0);
  }

  /** DISCONNECT, normal. */
  public static byte[] disconnect() {
    return new PacketBytes().packet(0xE0);
  }
}
