package io.vmqtt.standalone.training;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.vmqtt.standalone.training.TrainingClient.Part;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Clients of all kinds, over real sockets. */
final class TrainingLoad implements AutoCloseable {
  private static final int WINDOW = 32;
  private static final int VISITORS = 8;
  private static final int MOST_BYTES = 1 << 20;

  private final InetSocketAddress broker;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final LongAdder received = new LongAdder();

  TrainingLoad(InetSocketAddress broker) {
    this.broker = broker;
  }

  /** How many messages have come back. */
  long received() {
    return received.sum();
  }

  /**
   * Has clients of every kind publish to one another, and ends their connections.
   *
   * @param length how long, but for the time that it takes them to come
   * @param isPaced whether they keep to a pace; else they go as fast as they are answered
   * @throws IOException if the broker does not keep one of them
   */
  void round(Duration length, boolean isPaced) throws IOException, InterruptedException {
    List<Channel> channels = new ArrayList<>();
    CountDownLatch lost = new CountDownLatch(1);
    try {
      for (Part part : parts(isPaced)) {
        Channel channel = connect(part);
        channels.add(channel);
        channel.closeFuture().addListener(_ -> lost.countDown());
      }
      if (!isPaced) {
        for (int i = 0; i < VISITORS; i++) {
          visit("training-visitor-" + i, lost);
        }
      }
      if (lost.await(length.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("the broker has ended a connection");
      }
    } finally {
      lost.countDown(); // Visitors do not come again.
      for (Channel channel : channels) {
        channel.close().sync();
      }
    }
  }

  /** One client comes and goes until the round is over. */
  private void visit(String clientId, CountDownLatch over) {
    Part part =
        new Part(
            clientId,
            MqttVersion.MQTT_5,
            false,
            "training/visitors",
            "training/visitors",
            MqttQoS.AT_LEAST_ONCE,
            0,
            false,
            false);
    if (over.getCount() > 0) {
      opening(part)
          .addListener(
              (ChannelFuture opened) ->
                  opened.channel().closeFuture().addListener(_ -> visit(clientId, over)));
    }
  }

  private static List<Part> parts(boolean isPaced) {
    List<Part> parts = new ArrayList<>();
    for (MqttVersion version : List.of(MqttVersion.MQTT_3_1_1, MqttVersion.MQTT_5)) {
      for (MqttQoS qos :
          List.of(MqttQoS.AT_MOST_ONCE, MqttQoS.AT_LEAST_ONCE, MqttQoS.EXACTLY_ONCE)) {
        for (boolean isPersistent : List.of(false, true)) {
          String name = version.protocolLevel() + "-" + qos.value() + (isPersistent ? "-kept" : "");
          parts.add(part(name, version, isPersistent, "training/" + name, qos, isPaced));
        }
      }
    }
    for (int i = 0; i < 2; i++) {
      parts.add(
          part(
              "group/member-" + i,
              MqttVersion.MQTT_5,
              i == 0,
              "$share/training/training/group/+",
              MqttQoS.AT_LEAST_ONCE,
              isPaced));
    }
    parts.add(
        new Part(
            "retaining",
            MqttVersion.MQTT_5,
            false,
            "training/+/retained/#",
            "training/all/retained/one",
            MqttQoS.AT_LEAST_ONCE,
            1,
            isPaced,
            true));
    return parts;
  }

  private static Part part(
      String name,
      MqttVersion version,
      boolean isPersistent,
      String filter,
      MqttQoS qos,
      boolean isPaced) {
    return new Part(
        "training-" + name,
        version,
        isPersistent,
        filter,
        "training/" + name,
        qos,
        WINDOW,
        isPaced,
        false);
  }

  private Channel connect(Part part) throws InterruptedException {
    return opening(part).sync().channel();
  }

  private ChannelFuture opening(Part part) {
    return new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(MqttEncoder.INSTANCE)
                    .addLast(new MqttDecoder(MOST_BYTES))
                    .addLast(new TrainingClient(part, received));
              }
            })
        .connect(broker);
  }

  @Override
  public void close() {
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
