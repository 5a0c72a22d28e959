package io.vmqtt.testkit.capture;

import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.RawPacket;

/**
 * One packet as a {@link RecordingRelay} passed it on.
 *
 * @param client the client id of its CONNECT
 * @param connection counts the connections of the relay, from 1
 * @param fromClient whether the client sent it
 * @param protocolLevel 4 for MQTT 3.1.1, 5 for MQTT 5
 * @param millis since the capture began
 */
record CapturedPacket(
    String client,
    int connection,
    boolean fromClient,
    int protocolLevel,
    long millis,
    RawPacket packet) {
  boolean is(PacketType type) {
    return packet.type() == type;
  }

  /** Whether it is a PUBLISH at QoS 2. */
  boolean isExactlyOnce() {
    return is(PacketType.PUBLISH) && packet.qos() == 2;
  }

  /** Of a PUBLISH. */
  String payload() {
    return packet.payload(protocolLevel);
  }

  /** For people: when, on which connection, in which direction, what. */
  @Override
  public String toString() {
    String what =
        switch (packet.type()) {
          case PUBLISH ->
              " %d%s %s"
                  .formatted(packet.packetId(), packet.isDuplicate() ? " DUP" : "", payload());
          case PUBACK, PUBREC, PUBREL, PUBCOMP -> " " + packet.packetId() + reason();
          case CONNACK -> (packet.sessionPresent() ? " session present" : " no session") + reason();
          case DISCONNECT -> reason();
          default -> "";
        };
    return "%8d ms  %s  connection %d  %s %s%s"
        .formatted(millis, client, connection, fromClient ? "->" : "<-", packet.type(), what);
  }

  private String reason() {
    return packet.reasonCode() == 0 ? "" : " 0x%02X".formatted(packet.reasonCode());
  }
}
