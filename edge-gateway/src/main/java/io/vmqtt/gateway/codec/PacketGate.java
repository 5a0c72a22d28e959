package io.vmqtt.gateway.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttMessageFactory;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.AttributeKey;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.connection.ProtocolViolation;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.model.ReasonCode;
import java.util.List;

/**
 * Lets bytes pass to the codec packet by packet, when all of a packet is there and it keeps the
 * rules of {@link PacketCheck}. What came together goes on together, uncopied. A packet that is too
 * large is refused as soon as its length is known; after one that is refused nothing passes.
 */
public final class PacketGate extends ByteToMessageDecoder {
  /** What the client speaks, by its CONNECT; not set before that. */
  public static final AttributeKey<ProtocolVersion> SPOKEN =
      AttributeKey.valueOf(PacketGate.class, "spoken");

  /** Where Netty's decoder finds the same. */
  private static final AttributeKey<MqttVersion> DECODED_AS =
      AttributeKey.valueOf("NETTY_CODEC_MQTT_VERSION");

  static final int LEVEL_31 = 3;
  static final int LEVEL_311 = 4;
  static final int LEVEL_5 = 5;

  private static final int MAX_CLIENT_ID_CHARS = 65_535;
  private static final int CONNECT = 1;
  private static final int MAX_LENGTH_BYTES = 4;
  private static final int INCOMPLETE = -1;

  private final int maxPacketBytes;
  private final LoopMemory memory;
  private int heldBytes;
  private boolean v5;
  private boolean closed;

  /** Counts in {@code memory} what there is of a packet that is not complete. */
  PacketGate(int maxPacketBytes, LoopMemory memory) {
    this.maxPacketBytes = maxPacketBytes;
    this.memory = memory;
  }

  /** What turns a client's bytes into packets. */
  public static ChannelHandler[] decoders(int maxPacketBytes, LoopMemory memory) {
    return new ChannelHandler[] {
      new PacketGate(maxPacketBytes, memory), new MqttDecoder(maxPacketBytes, MAX_CLIENT_ID_CHARS)
    };
  }

  /** A further channel of a client is read as its first one is, where its CONNECT was. */
  public static void continueOn(Channel further, Channel first) {
    ProtocolVersion spoken = first.attr(SPOKEN).get();
    further.attr(SPOKEN).set(spoken);
    further.attr(DECODED_AS).set(first.attr(DECODED_AS).get());
    further.pipeline().get(PacketGate.class).v5 = spoken == ProtocolVersion.V5;
  }

  /** Memory of a packet that is not complete. */
  public int heldBytes() {
    return heldBytes;
  }

  private void hold(int bytes) {
    memory.add(bytes - heldBytes);
    heldBytes = bytes;
  }

  /** What a part of a buffer keeps in memory: all of it. */
  private static ByteBuf behind(ByteBuf part) {
    ByteBuf whole = part;
    for (ByteBuf next = part.unwrap(); next != null; next = next.unwrap()) {
      whole = next;
    }
    return whole;
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    hold(0);
  }

  /** What is left then is let go. */
  @Override
  protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    super.decodeLast(context, in, out);
    hold(0);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (closed) {
      in.skipBytes(in.readableBytes());
      return;
    }
    int passed = in.readerIndex();
    try {
      int next = packetEnd(context, in, passed);
      while (next != INCOMPLETE) {
        passed = next;
        next = packetEnd(context, in, passed);
      }
      pass(in, passed, out);
      hold(in.isReadable() ? behind(in).capacity() : 0);
    } catch (ProtocolViolation violation) {
      closed = true;
      pass(in, passed, out);
      in.skipBytes(in.readableBytes());
      hold(0);
      out.add(MqttMessageFactory.newInvalidMessage(violation));
    }
  }

  private static void pass(ByteBuf in, int end, List<Object> out) {
    int length = end - in.readerIndex();
    if (length > 0) {
      out.add(in.readRetainedSlice(length));
    }
  }

  /** Where the packet ends that starts there, if it is complete and keeps the rules. */
  private int packetEnd(ChannelHandlerContext context, ByteBuf in, int start) {
    int available = in.writerIndex() - start;
    int length = 0;
    for (int i = 1; i <= MAX_LENGTH_BYTES; i++) {
      if (available <= i) {
        return INCOMPLETE;
      }
      int digit = in.getByte(start + i);
      length |= (digit & 0x7F) << (7 * (i - 1));
      if (digit >= 0) {
        if (length > maxPacketBytes) {
          throw new ProtocolViolation(
              ReasonCode.PACKET_TOO_LARGE, "a packet of " + length + " bytes");
        }
        int body = start + 1 + i;
        int end = body + length;
        if (in.writerIndex() < end) {
          return INCOMPLETE;
        }
        check(context, in, in.getUnsignedByte(start), body, end);
        return end;
      }
    }
    throw new ProtocolViolation(
        ReasonCode.MALFORMED_PACKET, "a length of more than four bytes [MQTT-1.5.5-1]");
  }

  private void check(ChannelHandlerContext context, ByteBuf in, int first, int body, int end) {
    if (first >> 4 == CONNECT && context.channel().hasAttr(SPOKEN)) {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, "a second CONNECT [MQTT-3.1.0-2]");
    }
    if (first >> 4 == CONNECT && end - body > 2) {
      int level = body + 2 + in.getUnsignedShort(body);
      v5 = level < end && in.getByte(level) >= LEVEL_5;
      context.channel().attr(SPOKEN).set(v5 ? ProtocolVersion.V5 : ProtocolVersion.V3);
    }
    new PacketCheck(in, first, body, end, v5).check();
  }
}
