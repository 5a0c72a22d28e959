package io.vmqtt.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.vmqtt.gateway.connection.ProtocolVersion;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What a client of one version makes of bytes; the decoder is Netty's, not ours. */
public final class DecodedBy implements AutoCloseable {
  private static final int MAX_PACKET_BYTES = 4 << 20;

  private final EmbeddedChannel client = new EmbeddedChannel(new MqttDecoder(MAX_PACKET_BYTES));
  private final EmbeddedChannel encoder = new EmbeddedChannel(MqttEncoder.INSTANCE);

  public DecodedBy(ProtocolVersion version) {
    // The decoder learns the version from a CONNECT.
    client.writeInbound(
        bytes(
            MqttMessageBuilders.connect()
                .protocolVersion(
                    version == ProtocolVersion.V5 ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1)
                .clientId("client")
                .build()));
    assertNotNull(client.readInbound());
  }

  /** The bytes of a packet, written by Netty. */
  public ByteBuf bytes(MqttMessage packet) {
    encoder.writeOutbound(packet);
    List<ByteBuf> parts = new ArrayList<>();
    for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
      parts.add(part);
    }
    return Unpooled.wrappedBuffer(parts.toArray(ByteBuf[]::new));
  }

  /** The one packet that the bytes are. */
  public MqttMessage packet(ByteBuf bytes) {
    client.writeInbound(bytes);
    MqttMessage decoded = client.readInbound();
    assertNotNull(decoded, "less than a packet");
    assertFalse(decoded.decoderResult().isFailure(), () -> "" + decoded.decoderResult().cause());
    assertNull(client.readInbound(), "more than a packet");
    return decoded;
  }

  /** Bytes as {@code "40 02 00 07"}. */
  public static String hex(ByteBuf bytes) {
    byte[] copy = new byte[bytes.readableBytes()];
    bytes.getBytes(bytes.readerIndex(), copy);
    return HexFormat.ofDelimiter(" ").formatHex(copy);
  }

  /** The same without comments: {@code "40 02 // PUBACK"} becomes {@code "40 02"}. */
  public static String hex(String annotated) {
    return annotated
        .lines()
        .map(line -> line.replaceAll("//.*", "").strip())
        .filter(line -> !line.isEmpty())
        .reduce((left, right) -> left + ' ' + right)
        .orElse("");
  }

  @Override
  public void close() {
    client.finishAndReleaseAll();
    encoder.finishAndReleaseAll();
  }
}
