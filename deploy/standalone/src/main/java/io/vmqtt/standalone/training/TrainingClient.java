package io.vmqtt.standalone.training;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A client that subscribes, publishes as its part says, and answers what it gets. */
final class TrainingClient extends SimpleChannelInboundHandler<MqttMessage> {
  private static final byte[] BODY = new byte[256];
  private static final int PACKET_IDS = 65_535;
  private static final int KEEP_ALIVE_SECONDS = 60;

  /** Between two publishes of a client that keeps to a pace. */
  private static final long PACE_MICROS = 2_000;

  /** What it is to do. */
  record Part(
      String clientId,
      MqttVersion version,
      boolean isPersistent,
      String filter,
      String topic,
      MqttQoS qos,
      int window,
      boolean isPaced,
      boolean isRetained) {
    /** Goes as soon as it has subscribed. */
    boolean isVisitor() {
      return window == 0;
    }
  }

  private final Part part;
  private final LongAdder received;
  private int packetId;
  private int underWay;
  private @Nullable Future<?> pace;

  /**
   * A client of its own connection.
   *
   * @param received counts what it gets
   */
  TrainingClient(Part part, LongAdder received) {
    this.part = part;
    this.received = received;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    MqttMessageBuilders.ConnectBuilder connect =
        MqttMessageBuilders.connect()
            .clientId(part.clientId)
            .protocolVersion(part.version)
            .keepAlive(KEEP_ALIVE_SECONDS)
            .cleanSession(!part.isPersistent)
            .willFlag(true)
            .willQoS(MqttQoS.AT_LEAST_ONCE)
            .willTopic("training/wills")
            .willMessage(BODY);
    var _ = context.writeAndFlush(connect.build());
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
    switch (message.fixedHeader().messageType()) {
      case CONNACK -> subscribe(context);
      case SUBACK -> begin(context);
      case PUBLISH -> received(context, (MqttPublishMessage) message);
      case PUBACK, PUBCOMP -> {
        underWay--;
        goOn(context);
      }
      case PUBREC -> answer(context, MqttMessageType.PUBREL, message);
      case PUBREL -> answer(context, MqttMessageType.PUBCOMP, message);
      default -> {}
    }
  }

  private void subscribe(ChannelHandlerContext context) {
    var _ =
        context.writeAndFlush(
            MqttMessageBuilders.subscribe()
                .messageId(nextId())
                .addSubscription(part.qos, part.filter)
                .build());
  }

  private void begin(ChannelHandlerContext context) {
    if (part.isVisitor()) {
      var _ = context.close();
    } else if (part.isPaced) {
      pace =
          context
              .executor()
              .scheduleAtFixedRate(
                  () -> goOn(context), PACE_MICROS, PACE_MICROS, TimeUnit.MICROSECONDS);
    }
    goOn(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (pace != null) {
      pace.cancel(false);
    }
  }

  private void received(ChannelHandlerContext context, MqttPublishMessage publish) {
    received.increment();
    switch (publish.fixedHeader().qosLevel()) {
      case AT_LEAST_ONCE ->
          answer(context, MqttMessageType.PUBACK, publish.variableHeader().packetId());
      case EXACTLY_ONCE ->
          answer(context, MqttMessageType.PUBREC, publish.variableHeader().packetId());
      default -> {}
    }
  }

  private static void answer(
      ChannelHandlerContext context, MqttMessageType type, MqttMessage message) {
    answer(context, type, ((MqttMessageIdVariableHeader) message.variableHeader()).messageId());
  }

  private static void answer(ChannelHandlerContext context, MqttMessageType type, int id) {
    MqttQoS qos = type == MqttMessageType.PUBREL ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE;
    var _ =
        context.write(
            new MqttMessage(
                new MqttFixedHeader(type, false, qos, false, 0),
                MqttMessageIdVariableHeader.from(id)));
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (part.qos == MqttQoS.AT_MOST_ONCE && !part.isPaced) {
      underWay = 0; // What came back tells that what went has arrived, or is about to.
      goOn(context);
    }
    context.flush();
  }

  /** Publishes what its window has room for; one, at a pace. */
  private void goOn(ChannelHandlerContext context) {
    int most = part.isPaced ? Math.min(1, part.window - underWay) : part.window - underWay;
    for (int i = 0; i < most && context.channel().isWritable(); i++) {
      ByteBuf body = Unpooled.wrappedBuffer(BODY);
      var _ =
          context.write(
              MqttMessageBuilders.publish()
                  .topicName(part.topic)
                  .qos(part.qos)
                  .retained(part.isRetained)
                  .messageId(nextId())
                  .payload(body)
                  .build());
      if (part.qos != MqttQoS.AT_MOST_ONCE || !part.isPaced) {
        underWay++;
      }
    }
    context.flush();
  }

  private int nextId() {
    packetId = packetId % PACKET_IDS + 1;
    return packetId;
  }
}
