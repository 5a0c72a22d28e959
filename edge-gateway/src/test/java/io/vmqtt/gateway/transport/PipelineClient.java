package io.vmqtt.gateway.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.FakeExchange;
import io.vmqtt.gateway.access.OpenAccess;
import io.vmqtt.gateway.codec.DecodedBy;
import io.vmqtt.gateway.codec.PacketGate;
import io.vmqtt.gateway.connection.Caller;
import io.vmqtt.gateway.connection.Entrance;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.model.Namespace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** A client that talks bytes to the pipeline of a connection, and reads them with Netty. */
public final class PipelineClient implements AutoCloseable {
  /** TCP, if it could have several streams. */
  static final TransportHead SEVERAL_STREAMS =
      new TransportHead() {
        @Override
        public void install(ChannelPipeline pipeline, LoopMemory memory, Runnable whatFollows) {
          TCP.install(pipeline, memory, whatFollows);
        }

        @Override
        public Caller caller(Channel channel) {
          return TCP.caller(channel);
        }

        @Override
        public int heldBytes(Channel channel) {
          return TCP.heldBytes(channel);
        }

        @Override
        public boolean copies() {
          return TCP.copies();
        }

        @Override
        public ChannelFuture end(ChannelHandlerContext context) {
          return TCP.end(context);
        }

        @Override
        public boolean hasSeveral() {
          return true;
        }
      };

  final EventLoopConnections siblings;
  final MqttHandler handler;
  public final EmbeddedChannel channel;

  /** While this is so, the socket takes nothing. */
  boolean stuck;

  private final GatewayHarness gateway;
  private final EmbeddedChannel encoder = new EmbeddedChannel(MqttEncoder.INSTANCE);
  private final EmbeddedChannel decoder = new EmbeddedChannel(new MqttDecoder(1 << 20));

  public PipelineClient(GatewayHarness gateway) {
    this(gateway, new EventLoopConnections(gateway.lane()));
  }

  /** A client on the same event loop as others. */
  PipelineClient(GatewayHarness gateway, EventLoopConnections siblings) {
    this(gateway, siblings, new OpenAccess());
  }

  /** A client that access control is asked about. */
  PipelineClient(GatewayHarness gateway, Access access) {
    this(gateway, new EventLoopConnections(gateway.lane()), access);
  }

  /** One on the same event loop as others, that access control is asked about. */
  PipelineClient(GatewayHarness gateway, EventLoopConnections siblings, Access access) {
    this(gateway, siblings, access, TransportHead.TCP);
  }

  /** The same, by another transport. */
  PipelineClient(
      GatewayHarness gateway, EventLoopConnections siblings, Access access, TransportHead head) {
    this.gateway = gateway;
    this.siblings = siblings;
    handler =
        new MqttHandler(
            siblings,
            new Entrance(Namespace.NAMELESS, GatewayHarness.LIMITS, access),
            head,
            new Random(1));
    List<ChannelHandler> pipeline = new ArrayList<>();
    Collections.addAll(
        pipeline,
        PacketGate.decoders(GatewayHarness.LIMITS.maxPacketBytes(), gateway.lane().memory()));
    pipeline.add(handler);
    channel =
        new EmbeddedChannel(pipeline.toArray(ChannelHandler[]::new)) {
          @Override
          protected void doWrite(ChannelOutboundBuffer bytes) throws Exception {
            if (!stuck) {
              super.doWrite(bytes);
            }
          }
        };
  }

  /** A client that has its CONNACK. */
  public static PipelineClient connected(GatewayHarness gateway, ProtocolVersion version) {
    return connected(gateway, version, new EventLoopConnections(gateway.lane()));
  }

  static PipelineClient connected(
      GatewayHarness gateway, ProtocolVersion version, EventLoopConnections siblings) {
    PipelineClient client = new PipelineClient(gateway, siblings);
    client.send(connect(version).build());
    gateway.runUntil(() -> !client.read().isEmpty());
    return client;
  }

  static MqttMessageBuilders.ConnectBuilder connect(ProtocolVersion version) {
    return MqttMessageBuilders.connect()
        .protocolVersion(
            version == ProtocolVersion.V5 ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1)
        .clientId("client")
        .cleanSession(true)
        .keepAlive(10);
  }

  /** CONNECT's properties of a client that proves who it is as {@link FakeExchange} has it. */
  static MqttProperties proof(String data) {
    MqttProperties properties = new MqttProperties();
    properties.add(
        new MqttProperties.StringProperty(
            MqttProperties.AUTHENTICATION_METHOD, FakeExchange.METHOD));
    properties.add(
        new MqttProperties.BinaryProperty(
            MqttProperties.AUTHENTICATION_DATA, data.getBytes(StandardCharsets.UTF_8)));
    return properties;
  }

  /** Sends packets in one write, and lets the loop run. */
  public void send(MqttMessage... packets) {
    List<ByteBuf> parts = new ArrayList<>();
    for (MqttMessage packet : packets) {
      if (packet instanceof MqttConnectMessage) {
        // The one who reads the answers has to know the version too.
        decoder.writeInbound(bytes(packet).duplicate());
        decoder.readInbound();
      }
      parts.add(bytes(packet));
    }
    sendBytes(Unpooled.wrappedBuffer(parts.toArray(ByteBuf[]::new)));
  }

  /** Sends bytes such as {@code "c0 00"}. */
  public void sendHex(String annotated) {
    String digits = DecodedBy.hex(annotated).replace(" ", "");
    sendBytes(Unpooled.wrappedBuffer(HexFormat.of().parseHex(digits)));
  }

  void sendBytes(ByteBuf bytes) {
    channel.writeInbound(bytes);
    gateway.loop.runAll();
  }

  private ByteBuf bytes(MqttMessage packet) {
    encoder.writeOutbound(packet);
    List<ByteBuf> parts = new ArrayList<>();
    for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
      parts.add(part);
    }
    return Unpooled.wrappedBuffer(parts.toArray(ByteBuf[]::new));
  }

  /** What has come since the last call, one line for each packet. */
  public List<String> read() {
    gateway.loop.runAll();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      decoder.writeInbound(out);
    }
    List<String> packets = new ArrayList<>();
    for (MqttMessage packet = decoder.readInbound();
        packet != null;
        packet = decoder.readInbound()) {
      packets.add(describe(packet));
    }
    return packets;
  }

  /** Waits for packets: as {@link #read}, but until there is one. */
  List<String> await() {
    List<String> all = new ArrayList<>();
    gateway.runUntil(
        () -> {
          all.addAll(read());
          return !all.isEmpty();
        });
    return all;
  }

  /** Waits for bytes, such as {@code "d000"}. */
  public String awaitHex() {
    StringBuilder hex = new StringBuilder();
    gateway.runUntil(
        () -> {
          for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            hex.append(ByteBufUtil.hexDump(out));
            out.release();
          }
          return !hex.isEmpty();
        });
    return hex.toString();
  }

  public boolean isClosed() {
    gateway.loop.runAll();
    return !channel.isOpen();
  }

  private static String describe(MqttMessage packet) {
    if (packet.decoderResult().isFailure()) {
      throw new IllegalStateException("not a packet", packet.decoderResult().cause());
    }
    String name = packet.fixedHeader().messageType().name();
    if (packet instanceof MqttPublishMessage publish) {
      String payload = publish.payload().toString(StandardCharsets.UTF_8);
      publish.release();
      return name + ' ' + publish.variableHeader().topicName() + ' ' + payload;
    }
    if (packet instanceof MqttConnAckMessage connAck) {
      return name
          + " %02x".formatted(connAck.variableHeader().connectReturnCode().byteValue())
          + (connAck.variableHeader().isSessionPresent() ? " present" : "");
    }
    if (packet.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header) {
      return name + " %02x".formatted(header.reasonCode());
    }
    if (packet instanceof MqttSubAckMessage subAck) {
      return name
          + ' '
          + subAck.variableHeader().messageId()
          + ' '
          + subAck.payload().reasonCodes();
    }
    if (packet.variableHeader() instanceof MqttMessageIdVariableHeader header) {
      return name + ' ' + header.messageId();
    }
    return name;
  }

  public static MqttPublishMessage publish(String topic, int qos, int packetId, String payload) {
    return MqttMessageBuilders.publish()
        .topicName(topic)
        .qos(MqttQoS.valueOf(qos))
        .messageId(packetId)
        .payload(Unpooled.copiedBuffer(payload, StandardCharsets.UTF_8))
        .build();
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
    gateway.loop.runAll();
    encoder.finishAndReleaseAll();
    decoder.finishAndReleaseAll();
  }
}
