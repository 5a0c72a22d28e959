package io.vmqtt.testkit.raw;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vmqtt.testkit.net.Address;
import org.jspecify.annotations.Nullable;

/**
 * A CONNECT of MQTT 3.1.1 or 5.0. Immutable.
 *
 * @param level 4 for MQTT 3.1.1, 5 for MQTT 5
 * @param keptSeconds how long the session outlives its connection; 0: not at all
 */
public record RawConnect(
    int level,
    String clientId,
    boolean clean,
    long keptSeconds,
    int receiveMaximum,
    @Nullable RawWill will) {
  private static final int MQTT_5 = 5;
  private static final int CLEAN_START = 0x02;
  private static final int WILL = 0x04;
  private static final int KEEP_ALIVE_SECONDS = 60;
  private static final int SESSION_EXPIRY_INTERVAL = 0x11;
  private static final int RECEIVE_MAXIMUM = 0x21;
  private static final int WILL_DELAY_INTERVAL = 0x18;
  private static final int FOREVER_SECONDS = 3600;

  /** A message for when the client is gone; {@code properties} and the delay are for MQTT 5. */
  public record RawWill(
      String topic,
      String payload,
      int qos,
      boolean retain,
      int delaySeconds,
      PacketBytes properties) {}

  /** A clean start of a session that ends with its connection. */
  public static RawConnect clean(int level, String clientId) {
    return new RawConnect(level, clientId, true, 0, 0, null);
  }

  /** Goes on with the session that is there, which stays when the client leaves. */
  public static RawConnect kept(int level, String clientId) {
    return new RawConnect(level, clientId, false, FOREVER_SECONDS, 0, null);
  }

  /** The same, with a session that stays for so long, in MQTT 5. */
  public RawConnect withKeptSeconds(long seconds) {
    return new RawConnect(level, clientId, clean, seconds, receiveMaximum, will);
  }

  /** The same with a will. */
  public RawConnect withWill(RawWill message) {
    return new RawConnect(level, clientId, clean, keptSeconds, receiveMaximum, message);
  }

  /** The same with a will at QoS 1. */
  public RawConnect withWill(String topic, String payload, boolean retain) {
    return withWill(new RawWill(topic, payload, 1, retain, 0, new PacketBytes()));
  }

  /** Connects; the broker must accept. */
  public RawClient open(Address broker) {
    return open(RawConnection.open(broker));
  }

  /** Connects by a connection on which nothing was said yet; the broker must accept. */
  public RawClient open(RawConnection connection) {
    return RawClient.open(connection, this);
  }

  /** Its bytes. */
  public byte[] encoded() {
    RawWill message = will;
    int flags = clean ? CLEAN_START : 0;
    if (message != null) {
      flags |= WILL | message.qos() << 3 | (message.retain() ? 0x20 : 0);
    }
    PacketBytes packet =
        new PacketBytes().string("MQTT").bytes(level, flags).twoBytes(KEEP_ALIVE_SECONDS);
    if (level == MQTT_5) {
      packet.properties(properties());
    }
    packet.string(clientId);
    if (message != null) {
      if (level == MQTT_5) {
        packet.properties(
            new PacketBytes()
                .bytes(WILL_DELAY_INTERVAL)
                .fourBytes(message.delaySeconds())
                .all(message.properties()));
      }
      byte[] payload = message.payload().getBytes(UTF_8);
      packet.string(message.topic()).twoBytes(payload.length).raw(payload);
    }
    return packet.packet(0x10);
  }

  private PacketBytes properties() {
    PacketBytes properties = new PacketBytes();
    if (keptSeconds > 0) {
      properties.bytes(SESSION_EXPIRY_INTERVAL).fourBytes(keptSeconds);
    }
    if (receiveMaximum > 0) {
      properties.bytes(RECEIVE_MAXIMUM).twoBytes(receiveMaximum);
    }
    return properties;
  }
}
