package io.vmqtt.testkit.raw;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * A client of MQTT 3.1.1 or 5.0 that goes one step at a time, and acknowledges only what it is told
 * to. What comes while it waits for something else is kept. Not thread-safe.
 */
public final class RawClient implements AutoCloseable {
  /** The option of a subscription that the client does not want its own messages back. */
  public static final int NO_LOCAL = 0x04;

  /** The option that messages come with the RETAIN of their publisher. */
  public static final int RETAIN_AS_PUBLISHED = 0x08;

  /** The option that retained messages come only if the subscription is new. */
  public static final int RETAINED_IF_NEW = 0x10;

  /** The option that no retained messages come. */
  public static final int NO_RETAINED = 0x20;

  private static final int MQTT_5 = 5;
  private static final int SUBSCRIPTION_IDENTIFIER = 0x0B;
  private static final int RETAIN = 0x01;
  private static final int DUP = 0x08;

  private final RawConnection connection;
  private final int level;
  private final boolean sessionPresent;
  private final Deque<RawPacket> early = new ArrayDeque<>();
  private int lastPacketId;

  private RawClient(RawConnection connection, int level, boolean sessionPresent) {
    this.connection = connection;
    this.level = level;
    this.sessionPresent = sessionPresent;
  }

  static RawClient open(RawConnection connection, RawConnect connect) {
    RawPacket answer = connection.send(connect.encoded()).read();
    if (answer.type() != PacketType.CONNACK || answer.reasonCode() != 0) {
      throw new AssertionError("the broker answers CONNECT with " + answer);
    }
    return new RawClient(connection, connect.level(), answer.sessionPresent());
  }

  /**
   * A further stream of the same client, which has been accepted; its packet identifiers begin
   * behind another number.
   */
  public RawClient beside(RawConnection stream, int lastPacketId) {
    RawClient further = new RawClient(stream, level, sessionPresent);
    further.lastPacketId = lastPacketId;
    return further;
  }

  /** Whether the broker had a session. */
  public boolean sessionPresent() {
    return sessionPresent;
  }

  /** Subscribes to one filter; the options are the QoS, and in MQTT 5 those above. */
  public void subscribe(String filter, int options) {
    subscribe(filter, options, new PacketBytes());
  }

  /** As {@link #subscribe(String, int)}, with a subscription identifier of at most 127. */
  public void subscribe(String filter, int options, int identifier) {
    subscribe(filter, options, new PacketBytes().bytes(SUBSCRIPTION_IDENTIFIER, identifier));
  }

  private void subscribe(String filter, int options, PacketBytes properties) {
    PacketBytes packet = new PacketBytes().twoBytes(++lastPacketId);
    connection.send(properties(packet, properties).string(filter).bytes(options).packet(0x82));
    RawPacket answer = take(PacketType.SUBACK);
    if (answer.packetId() != lastPacketId || answer.reasonCode() != (options & 3)) {
      throw new AssertionError(filter + " was answered with " + answer);
    }
  }

  /** Ends one subscription. */
  public void unsubscribe(String filter) {
    PacketBytes packet = new PacketBytes().twoBytes(++lastPacketId);
    connection.send(properties(packet, new PacketBytes()).string(filter).packet(0xA2));
    expect(PacketType.UNSUBACK, lastPacketId);
  }

  /** Publishes, not retained, until the broker's last answer. */
  public void publish(String topic, String payload, int qos) {
    publish(topic, payload, qos, false, new PacketBytes());
  }

  /** Publishes with RETAIN, until the broker's last answer. */
  public void publishRetained(String topic, String payload, int qos) {
    publish(topic, payload, qos, true, new PacketBytes());
  }

  /** Publishes, with properties of MQTT 5, until the broker's last answer. */
  public void publish(
      String topic, String payload, int qos, boolean retain, PacketBytes properties) {
    int packetId = qos == 0 ? 0 : ++lastPacketId;
    writePublish(qos << 1 | (retain ? RETAIN : 0), packetId, topic, payload, properties);
    expectAnswer(qos, packetId);
    if (qos == 2) {
      release(packetId);
    }
  }

  /** Sends a PUBLISH above QoS 0, and waits for its PUBACK or PUBREC. */
  public void sendPublish(int qos, boolean dup, int packetId, String topic, String payload) {
    writePublish(qos << 1 | (dup ? DUP : 0), packetId, topic, payload, new PacketBytes());
    expectAnswer(qos, packetId);
  }

  /** The same for the first time, with properties of MQTT 5. */
  public void sendPublish(
      int qos, int packetId, String topic, String payload, PacketBytes properties) {
    writePublish(qos << 1, packetId, topic, payload, properties);
    expectAnswer(qos, packetId);
  }

  private void writePublish(
      int flags, int packetId, String topic, String payload, PacketBytes properties) {
    PacketBytes packet = new PacketBytes().string(topic);
    if (packetId != 0) {
      packet.twoBytes(packetId);
    }
    connection.send(
        properties(packet, properties).raw(payload.getBytes(UTF_8)).packet(0x30 | flags));
  }

  private void expectAnswer(int qos, int packetId) {
    if (qos > 0) {
      expect(qos == 1 ? PacketType.PUBACK : PacketType.PUBREC, packetId);
    }
  }

  /** Sends PUBREL, and waits for PUBCOMP. */
  public void release(int packetId) {
    connection.send(Packets.pubRel(packetId));
    expect(PacketType.PUBCOMP, packetId);
  }

  private PacketBytes properties(PacketBytes packet, PacketBytes properties) {
    return level == MQTT_5 ? packet.properties(properties) : packet;
  }

  /** The next PUBLISH, without an answer. */
  public RawPacket receive() {
    return take(PacketType.PUBLISH);
  }

  /** The payload of the next PUBLISH, which is acknowledged to the end. */
  public String receivePayload() {
    RawPacket publish = receive();
    acknowledge(publish);
    return publish.payload(level);
  }

  /** The payload of a PUBLISH. */
  public String payload(RawPacket publish) {
    return publish.payload(level);
  }

  /** Acknowledges a PUBLISH to the end. */
  public void acknowledge(RawPacket publish) {
    if (publish.qos() == 1) {
      connection.send(Packets.pubAck(publish.packetId()));
    } else if (publish.qos() == 2) {
      sendPubRec(publish.packetId());
      expect(PacketType.PUBREL, publish.packetId());
      complete(publish.packetId());
    }
  }

  /** Refuses a PUBLISH with a reason code of MQTT 5, in PUBACK or PUBREC. */
  public void refuse(RawPacket publish, int reason) {
    connection.send(
        new PacketBytes()
            .twoBytes(publish.packetId())
            .bytes(reason)
            .packet(publish.qos() == 1 ? 0x40 : 0x50));
  }

  /** Sends PUBREC. */
  public void sendPubRec(int packetId) {
    connection.send(Packets.pubRec(packetId));
  }

  /** Sends PUBCOMP. */
  public void complete(int packetId) {
    connection.send(Packets.pubComp(packetId));
  }

  /** Waits for an answer with a packet identifier. */
  public void expect(PacketType type, int packetId) {
    RawPacket answer = take(type);
    if (answer.packetId() != packetId) {
      throw new AssertionError(answer + " is not for packet " + packetId);
    }
  }

  /** The next packet, whatever it is. */
  public RawPacket next() {
    return early.isEmpty() ? connection.read() : early.removeFirst();
  }

  /** The next packet of a type; others stay for later. */
  public RawPacket take(PacketType type) {
    for (Iterator<RawPacket> all = early.iterator(); all.hasNext(); ) {
      RawPacket packet = all.next();
      if (packet.type() == type) {
        all.remove();
        return packet;
      }
    }
    for (RawPacket packet = connection.read(); ; packet = connection.read()) {
      if (packet.type() == type) {
        return packet;
      }
      early.addLast(packet);
    }
  }

  /** A PINGREQ now and then, until so much time has passed. */
  public void pingFor(Duration time) {
    long start = System.nanoTime();
    await()
        .atMost(time.plus(RawConnection.PATIENCE))
        .until(
            () -> {
              connection.send(Packets.pingReq());
              take(PacketType.PINGRESP);
              return System.nanoTime() - start >= time.toNanos();
            });
  }

  /** Waits until the broker closes the connection, having said nothing more. */
  public void awaitClosedSilently() {
    connection.awaitClosedSilently();
  }

  /** Breaks the connection without a word. */
  public void cut() {
    connection.cut();
  }

  /** Leaves with DISCONNECT. */
  public void disconnect() {
    connection.send(Packets.disconnect());
    connection.awaitClosedSilently();
    connection.close();
  }

  @Override
  public void close() {
    connection.close();
  }
}
