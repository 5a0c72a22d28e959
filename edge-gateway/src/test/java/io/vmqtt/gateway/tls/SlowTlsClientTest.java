package io.vmqtt.gateway.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.access.OpenAccess;
import io.vmqtt.gateway.codec.PacketGate;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import io.vmqtt.gateway.connection.Entrance;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.gateway.transport.ConnectionLog;
import io.vmqtt.gateway.transport.EventLoopConnections;
import io.vmqtt.gateway.transport.MqttHandler;
import io.vmqtt.gateway.transport.TransportHead;
import io.vmqtt.model.Namespace;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits for a client of TLS, and what it has half sent, is counted and bounded. */
class SlowTlsClientTest {
  private static final int LARGE_BYTES = 50_000;
  private static final int SMALL_BYTES = 4_000;
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static final Signed SERVER = AUTHORITY.sign("broker");

  /** CONNECT of MQTT 3.1.1. */
  private static final String CONNECT = "10 0d 00 04 4d 51 54 54 04 02 00 00 00 01 ";

  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();
  private final EventLoopConnections siblings =
      new EventLoopConnections(gateway.lane(), new ConnectionLog(false));
  private final LoopMemory memory = gateway.lane().memory();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private TlsHead head;
  private long lastSequence;

  @BeforeEach
  void begin(@TempDir Path folder) throws IOException {
    ListenerTls tls =
        new ListenerTls(
            "plant",
            new TlsConfig(
                SERVER.certificateTo(folder.resolve("certificate")),
                SERVER.keyTo(folder.resolve("key")),
                null,
                ClientCertificates.NONE,
                null,
                null),
            "mqtt",
            TlsProvider.best(),
            InstantSource.system(),
            new ExpiryGauges(registry));
    head =
        new TlsHead(
            TransportHead.TCP,
            tls,
            new Handshakes(10, registry),
            new HandshakeMetrics(registry, "plant"),
            10_000,
            tls::forget);
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  /** Both sides of a connection, on the thread of the test. */
  private final class Client implements AutoCloseable {
    final EmbeddedChannel server;
    final EmbeddedChannel client;
    boolean stuck;

    Client(String id, String topic) {
      server =
          new EmbeddedChannel() {
            @Override
            protected void doWrite(ChannelOutboundBuffer bytes) throws Exception {
              if (!stuck) {
                super.doWrite(bytes);
              }
            }
          };
      head.install(server.pipeline(), memory, this::speakMqtt);
      SSLEngine engine = AUTHORITY.client(null).createSSLEngine("localhost", 1);
      engine.setUseClientMode(true);
      client = new EmbeddedChannel(new SslHandler(engine));
      await(() -> server.pipeline().get(MqttHandler.class) != null);
      send(CONNECT + hex(id));
      awaitAnswer("20020000");
      send("82 06 00 01 00 01 " + hex(topic) + " 01");
      awaitAnswer("9003000101");
    }

    private void speakMqtt() {
      server
          .pipeline()
          .addLast(PacketGate.decoders(GatewayHarness.LIMITS.maxPacketBytes(), memory))
          .addLast(
              new MqttHandler(
                  siblings,
                  new Entrance(Namespace.NAMELESS, GatewayHarness.LIMITS, new OpenAccess()),
                  head,
                  new Random(1)));
    }

    void send(String hex) {
      client.writeOutbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", ""))));
      pass();
    }

    /** Bytes in both directions, as far as there are any. */
    void pass() {
      for (ByteBuf out = client.readOutbound(); out != null; out = client.readOutbound()) {
        server.writeInbound(out);
      }
      gateway.loop.runAll();
      for (ByteBuf out = server.readOutbound(); out != null; out = server.readOutbound()) {
        client.writeInbound(out);
      }
    }

    private void await(BooleanSupplier condition) {
      gateway.runUntil(
          () -> {
            pass();
            return condition.getAsBoolean();
          });
    }

    void awaitAnswer(String hex) {
      StringBuilder answer = new StringBuilder();
      await(
          () -> {
            for (ByteBuf in = client.readInbound(); in != null; in = client.readInbound()) {
              answer.append(ByteBufUtil.hexDump(in));
              in.release();
            }
            return answer.length() >= hex.length();
          });
      assertEquals(hex, answer.toString());
    }

    @Override
    public void close() {
      stuck = false; // or TLS would wait for its own goodbye to leave
      server.finishAndReleaseAll();
      client.finishAndReleaseAll();
      gateway.loop.runAll();
    }
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Each has a copy of its own, in its own cipher. */
  @Test
  void publish_toSeveralThatDoNotRead_eachCopyIsCounted() {
    try (Client one = new Client("a", "t");
        Client other = new Client("b", "t")) {
      one.stuck = true;
      other.stuck = true;

      publish("t");

      assertTrue(memory.bytes() >= 2 * LARGE_BYTES, memory.bytes() + " bytes");
      assertTrue(memory.bytes() < 3 * LARGE_BYTES + SMALL_BYTES, memory.bytes() + " bytes");
    }
    assertEquals(0, memory.bytes());
  }

  @Test
  void publish_moreThanMayWait_theClientForWhichMostWaitsGoesAtOnce() {
    try (Client slow = new Client("a", "t");
        Client other = new Client("b", "u")) {
      slow.stuck = true;

      for (int i = 0; i < GatewayHarness.CLIENT_MEMORY_BYTES / LARGE_BYTES; i++) {
        publish("t");
        assertTrue(memory.bytes() <= GatewayHarness.CLIENT_MEMORY_BYTES + 2 * LARGE_BYTES);
      }

      assertFalse(slow.server.isOpen(), "not even to say goodbye");
      assertTrue(memory.bytes() < SMALL_BYTES, "what waited for it is gone");
      assertTrue(other.server.isOpen());
      assertEquals(1, gateway.gateway().metrics().slowClients().count());
    }
  }

  @Test
  void checkClocks_memoryIsTightAndHalfARecordCame_itsSenderGoes() {
    try (Client sender = new Client("a", "t")) {
      sender.server.writeInbound(halfARecord());
      assertTrue(memory.bytes() >= 10_000, memory.bytes() + " bytes");

      memory.add(GatewayHarness.CLIENT_MEMORY_BYTES / 2);
      for (int i = 0; i < 4; i++) {
        siblings.checkClocks(TIMEOUT_NANOS);
      }

      assertFalse(sender.server.isOpen());
      assertEquals(GatewayHarness.CLIENT_MEMORY_BYTES / 2, memory.bytes());
    }
  }

  /** The beginning of a record of application data of 16,000 bytes. */
  private static ByteBuf halfARecord() {
    return Unpooled.buffer(10_000)
        .writeBytes(new byte[] {0x17, 0x03, 0x03, 0x3e, (byte) 0x80})
        .writeZero(9_995);
  }

  /** Whoever hears no close_notify has to take the end for an attack. */
  @Test
  void end_byTheBroker_saysSoInTls() {
    try (Client client = new Client("a", "t")) {
      var _ = head.end(client.server.pipeline().lastContext());
      client.pass();

      assertTrue(client.client.pipeline().get(SslHandler.class).engine().isInboundDone());
      assertTrue(client.server.isOpen());
    }
  }

  private void publish(String topic) {
    long sequence = ++lastSequence;
    router.send(
        RouterFrame.newBuilder()
            .setPublish(
                Publish.newBuilder()
                    .setSequence(sequence)
                    .setMessage(
                        Message.newBuilder()
                            .setTopic(topic)
                            .setQos(1)
                            .setPayload(ByteString.copyFrom(new byte[LARGE_BYTES])))));
    gateway.runUntil(
        () -> router.received.stream().anyMatch(frame -> frame.getReceivedThrough() >= sequence));
    gateway.loop.runAll();
  }
}
