package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouterFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of large messages to clients that do not take them. */
class SlowClientTest {
  private static final int LARGE_BYTES = 50_000;
  private static final int SMALL_BYTES = 2_000;
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();
  private final EventLoopConnections siblings = new EventLoopConnections(gateway.lane());
  private final LoopMemory memory = gateway.lane().memory();
  private long lastSequence;

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void publish_toSeveralThatDoNotRead_isInMemoryOnce() {
    PipelineClient one = subscriber("t");
    PipelineClient other = subscriber("t");
    one.stuck = true;
    other.stuck = true;

    publish("t");

    assertTrue(memory.bytes() >= LARGE_BYTES, memory::toString);
    assertTrue(memory.bytes() < LARGE_BYTES + SMALL_BYTES);
    one.close();
    assertTrue(memory.bytes() >= LARGE_BYTES, "it is still on its way to the other");
    other.close();
    assertEquals(0, memory.bytes());
  }

  @Test
  void publish_moreThanMayWait_theClientForWhichMostWaitsGoes() {
    try (PipelineClient slow = subscriber("much");
        PipelineClient other = subscriber("little")) {
      slow.stuck = true;
      other.stuck = true;
      publish("little");

      for (int i = 0; i < GatewayHarness.CLIENT_MEMORY_BYTES / LARGE_BYTES; i++) {
        publish("much");
      }

      assertTrue(slow.isClosed());
      assertFalse(other.isClosed());
      assertTrue(memory.bytes() < LARGE_BYTES + SMALL_BYTES, "what waited for it is gone");
      assertEquals(1, gateway.gateway().metrics().slowClients().count());
    }
  }

  @Test
  void checkClocks_memoryIsTight_clientsThatTakeNothingGo() {
    try (PipelineClient slow = subscriber("t")) {
      slow.stuck = true;
      for (int i = 0; i < GatewayHarness.CLIENT_MEMORY_BYTES / LARGE_BYTES / 2 + 1; i++) {
        publish("t");
      }
      assertTrue(memory.isTight());

      siblings.checkClocks(TIMEOUT_NANOS);
      siblings.checkClocks(TIMEOUT_NANOS);
      assertFalse(slow.isClosed(), "it has had little time");
      siblings.checkClocks(TIMEOUT_NANOS);

      assertTrue(slow.isClosed());
      assertEquals(0, memory.bytes());
    }
  }

  @Test
  void send_moreHalfPacketsThanThereIsMemoryFor_theLargestGo() {
    try (PipelineClient small = subscriber("t")) {
      small.sendBytes(half(1_000));
      List<PipelineClient> senders = new ArrayList<>();
      for (int i = 0; i < 2 * GatewayHarness.CLIENT_MEMORY_BYTES / LARGE_BYTES; i++) {
        PipelineClient sender = subscriber("t");
        sender.sendBytes(half(LARGE_BYTES));
        senders.add(sender);
      }

      long open = senders.stream().filter(sender -> !sender.isClosed()).count();
      assertEquals(GatewayHarness.CLIENT_MEMORY_BYTES / LARGE_BYTES - 1, open);
      assertTrue(memory.bytes() <= GatewayHarness.CLIENT_MEMORY_BYTES);
      assertFalse(small.isClosed());
      senders.forEach(PipelineClient::close);
    }
    assertEquals(0, memory.bytes());
  }

  @Test
  void checkClocks_memoryIsTight_clientsThatSendNoMoreGo() {
    try (PipelineClient sender = subscriber("t")) {
      memory.add(GatewayHarness.CLIENT_MEMORY_BYTES / 2);
      sender.sendBytes(half(LARGE_BYTES));
      siblings.checkClocks(TIMEOUT_NANOS);
      siblings.checkClocks(TIMEOUT_NANOS);
      sender.sendBytes(Unpooled.wrappedBuffer(new byte[1]));
      siblings.checkClocks(TIMEOUT_NANOS);
      siblings.checkClocks(TIMEOUT_NANOS);
      assertFalse(sender.isClosed());

      siblings.checkClocks(TIMEOUT_NANOS);

      assertTrue(sender.isClosed());
    }
  }

  /** The beginning of a PUBLISH of 99,999 bytes. */
  private static ByteBuf half(int bytes) {
    return Unpooled.buffer(bytes)
        .writeBytes(new byte[] {0x30, (byte) 0x9f, (byte) 0x8d, 0x06})
        .writeZero(bytes - 4);
  }

  /** A header without its payload would make the rest of the stream unreadable. */
  @Test
  void publish_noMemoryForThePayload_theConnectionEndsAtTheEndOfAPacket() {
    try (PipelineClient client = subscriber("t")) {
      client.channel.config().setAllocator(new SmallOnly());

      publish("t");

      assertTrue(client.isClosed());
      assertTrue(client.channel.outboundMessages().isEmpty(), "not even a header");
      assertEquals(1, gateway.gateway().metrics().failedWrites().count());
    }
  }

  /** Memory for sockets that has run out. */
  private static final class SmallOnly extends AbstractByteBufAllocator {
    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      if (initialCapacity >= LARGE_BYTES) {
        throw new OutOfMemoryError("a test's");
      }
      return new UnpooledDirectByteBuf(this, initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }

  private PipelineClient subscriber(String filter) {
    PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V3, siblings);
    client.send(
        MqttMessageBuilders.subscribe()
            .messageId(1)
            .addSubscription(MqttQoS.AT_LEAST_ONCE, filter)
            .build());
    client.await();
    return client;
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
