package io.vmqtt.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Loads a broker over QUIC as {@code TransportLoad} does over other transports, with the same words:
 * pairs of a publisher and a subscriber, each a connection of its own, at most a window of messages
 * under way in each pair, as fast as it goes or at a rate; prints processor microseconds of the
 * broker per message received, and messages per second. Its QUIC is Netty's (quiche), which V-MQTT
 * has, too: what both do badly it does not show.
 *
 * <p>Needs the jars of Netty that V-MQTT is packaged with, and is not compiled with its neighbours,
 * which have others: {@code java -cp "lib/*" QuicLoad.java messages port=14567 ca=ca.pem qos=1
 * pid=4711}. Other words: {@code host}, {@code pairs}, {@code threads}, {@code window}, {@code
 * rate} (messages per second in all), {@code bytes}, {@code warmup} and {@code seconds}.
 */
public final class QuicLoad {
  private static final long CREDIT_BYTES = 16 << 20;
  private static final int DATAGRAM_BYTES = 2048;
  private static final int CONNECT_SECONDS = 20;
  private static final int CONNACK = 2;
  private static final int PUBLISH = 3;
  private static final int PUBACK = 4;
  private static final int SUBACK = 9;

  private final LoadOptions options;
  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup loops;
  private final QuicSslContext tls;
  private final int qos;
  private final int window;

  private QuicLoad(List<String> words) {
    options = new LoadOptions(words);
    qos = options.number("qos", 0);
    if (qos > 1) {
      throw new IllegalArgumentException("qos=" + qos + " is neither 0 nor 1");
    }
    window = options.number("window", 64);
    loops =
        new MultiThreadIoEventLoopGroup(
            options.number("threads", 1), epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    tls =
        QuicSslContextBuilder.forClient()
            .trustManager(new File(options.text("ca", "ca.pem")))
            .applicationProtocols("mqtt")
            .build();
  }

  /** {@code messages NAME=VALUE...}. */
  public static void main(String... words) throws Exception {
    List<String> all = List.of(words);
    if (all.isEmpty() || !all.get(0).equals("messages")) {
      System.err.println("messages, and nothing else, goes over QUIC");
      System.exit(2);
    }
    new QuicLoad(all.subList(1, all.size())).messages();
    System.exit(0);
  }

  private void messages() throws Exception {
    int count = options.number("pairs", 10);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pairs.add(new Pair(i, options.number("rate", 0) / (double) count));
    }
    pairs.forEach(Pair::start);
    new BrokerCost(options).print("message", () -> received(pairs));
  }

  private static long received(List<Pair> pairs) {
    return pairs.stream().mapToLong(pair -> pair.received.get()).sum();
  }

  /** A publisher and its subscriber, both on one event loop, which alone touches what they share. */
  private final class Pair {
    final AtomicLong received = new AtomicLong();
    private final EventLoop loop = loops.next();
    private final byte[] topic;
    private final byte[] payload = new byte[options.number("bytes", 256)];
    private final double perNano;
    private final Client publisher;
    private final Client subscriber;
    private boolean started;
    private int underWay;
    private int unanswered;
    private int packetId;
    private long sent;
    private long beganNanos;

    Pair(int number, double rate) throws Exception {
      perNano = rate / 1e9;
      topic = ("bench/transport/" + number).getBytes(StandardCharsets.UTF_8);
      ThreadLocalRandom.current().nextBytes(payload);
      subscriber = new Client(loop, "sub-" + number, this::arrived);
      publisher = new Client(loop, "pub-" + number, this::answered);
      ByteBuf subscribe = packet(0x82, 2 + 2 + topic.length + 1).writeShort(1);
      subscriber.send(text(subscribe, topic).writeByte(qos));
      subscriber.await(SUBACK);
    }

    void start() {
      loop.execute(
          () -> {
            started = true;
            beganNanos = System.nanoTime();
            if (perNano > 0) {
              var _ = loop.scheduleAtFixedRate(this::publish, 0, 1, TimeUnit.MILLISECONDS);
            } else {
              publish();
            }
          });
    }

    private void publish() {
      boolean any = false;
      while (underWay < window && unanswered < window && isDue()) {
        ByteBuf packet = packet(0x30 | qos << 1, 2 + topic.length + 2 * qos + payload.length);
        text(packet, topic);
        if (qos > 0) {
          packetId = packetId == 0xFFFF ? 1 : packetId + 1;
          packet.writeShort(packetId);
          unanswered++;
        }
        var _ = publisher.stream.write(packet.writeBytes(payload));
        underWay++;
        sent++;
        any = true;
      }
      if (any) {
        publisher.stream.flush();
      }
    }

    private boolean isDue() {
      return perNano == 0 || sent < (System.nanoTime() - beganNanos) * perNano;
    }

    private void publishMore() {
      if (started && perNano == 0) {
        publish();
      }
    }

    private void answered(int type, ByteBuf body) {
      if (type == PUBACK) {
        unanswered--;
      } else {
        publishMore();
      }
    }

    private void arrived(int type, ByteBuf body) {
      if (type == PUBLISH) {
        underWay--;
        received.lazySet(received.get() + 1);
        if (qos > 0) {
          int id = body.getUnsignedShort(body.readerIndex() + 2 + topic.length);
          var _ = subscriber.stream.write(packet(0x40, 2).writeShort(id));
        }
      } else if (started) {
        subscriber.stream.flush();
        publishMore();
      }
    }
  }

  private static ByteBuf packet(int first, int length) {
    ByteBuf packet = Unpooled.buffer(length + 5).writeByte(first);
    int left = length;
    do {
      packet.writeByte(left > 0x7F ? left & 0x7F | 0x80 : left);
      left >>= 7;
    } while (left > 0);
    return packet;
  }

  private static ByteBuf text(ByteBuf packet, byte[] text) {
    return packet.writeShort(text.length).writeBytes(text);
  }

  /** Is told of what comes. */
  private interface Packets {
    /** A packet; type 0: for the moment that was all. */
    void came(int type, ByteBuf body);
  }

  /** One client of MQTT 3.1.1, on one stream. */
  private final class Client {
    final QuicStreamChannel stream;
    private final CompletableFuture<Integer> connAck = new CompletableFuture<>();
    private final CompletableFuture<Integer> subAck = new CompletableFuture<>();

    Client(EventLoop loop, String clientId, Packets packets) throws Exception {
      InetSocketAddress broker =
          new InetSocketAddress(options.text("host", "127.0.0.1"), options.number("port", 14567));
      Channel socket =
          new Bootstrap()
              .group(loop)
              .channel(epoll ? EpollDatagramChannel.class : NioDatagramChannel.class)
              .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(DATAGRAM_BYTES))
              .handler(
                  new QuicClientCodecBuilder()
                      .sslEngineProvider(
                          channel ->
                              tls.newEngine(channel.alloc(), broker.getHostString(), broker.getPort()))
                      .maxIdleTimeout(1, TimeUnit.HOURS)
                      .initialMaxData(CREDIT_BYTES)
                      .initialMaxStreamDataBidirectionalLocal(CREDIT_BYTES)
                      .build())
              .bind(0)
              .sync()
              .channel();
      QuicChannel connection =
          QuicChannel.newBootstrap(socket)
              .streamHandler(new ChannelInboundHandlerAdapter())
              .remoteAddress(broker)
              .connect()
              .get(CONNECT_SECONDS, TimeUnit.SECONDS);
      stream =
          connection
              .createStream(QuicStreamType.BIDIRECTIONAL, new Reader(packets))
              .get(CONNECT_SECONDS, TimeUnit.SECONDS);
      byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
      ByteBuf connect = packet(0x10, 2 + 4 + 4 + 2 + id.length);
      text(connect, "MQTT".getBytes(StandardCharsets.UTF_8)).writeByte(4).writeByte(2);
      send(text(connect.writeShort(600), id));
      await(CONNACK);
    }

    void send(ByteBuf packet) {
      var _ = stream.writeAndFlush(packet);
    }

    /** Waits for the answer to CONNECT or SUBSCRIBE, which has to be a yes. */
    void await(int type) throws Exception {
      int reason =
          (type == CONNACK ? connAck : subAck).get(CONNECT_SECONDS, TimeUnit.SECONDS);
      if (reason > 2) {
        throw new IOException((type == CONNACK ? "CONNACK " : "SUBACK ") + reason);
      }
    }

    /** Takes packets apart. */
    private final class Reader extends ByteToMessageDecoder {
      private final Packets packets;

      Reader(Packets packets) {
        this.packets = packets;
      }

      @Override
      protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        while (true) {
          int at = in.readerIndex() + 1;
          int end = in.writerIndex();
          int length = 0;
          int digit = 0x80;
          for (int shift = 0; at < end && digit > 0x7F; shift += 7) {
            digit = in.getUnsignedByte(at++);
            length |= (digit & 0x7F) << shift;
          }
          if (digit > 0x7F || end - at < length) {
            return;
          }
          int type = in.getUnsignedByte(in.readerIndex()) >> 4;
          in.readerIndex(at);
          came(type, in.slice(at, length));
          in.readerIndex(at + length);
        }
      }

      private void came(int type, ByteBuf body) {
        switch (type) {
          case CONNACK -> connAck.complete((int) body.getUnsignedByte(body.readerIndex() + 1));
          case SUBACK -> subAck.complete((int) body.getUnsignedByte(body.readerIndex() + 2));
          case PUBLISH, PUBACK -> packets.came(type, body);
          default -> throw new IllegalStateException("packet type " + type);
        }
      }

      @Override
      public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        super.channelReadComplete(context);
        if (subAck.isDone() || connAck.isDone()) {
          packets.came(0, Unpooled.EMPTY_BUFFER);
        }
      }

      @Override
      public void channelInactive(ChannelHandlerContext context) {
        failed("the broker has ended a connection");
      }

      @Override
      public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failed(String.valueOf(cause));
      }

      private void failed(String why) {
        System.err.println("the load ends: " + why);
        System.exit(1);
      }
    }
  }
}
