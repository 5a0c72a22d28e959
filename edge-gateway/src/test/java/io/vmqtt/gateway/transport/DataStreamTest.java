package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.access.OpenAccess;
import io.vmqtt.gateway.codec.PacketGate;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouterFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream beside the first of a client of MQTT 5, as it ends. */
class DataStreamTest {
  private static final int LARGE_BYTES = 50_000;
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final String SUBSCRIBE = "8207000100000174" + "01";
  private static final String PUBREL = "62020009";

  /** No such packet identifier. */
  private static final String PUBCOMP = "7003000992";

  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();
  private final AtomicLong nanos = new AtomicLong();
  private final EventLoopConnections siblings =
      new EventLoopConnections(gateway.lane(), new ConnectionLog(false), nanos::get);
  private final EmbeddedChannel connection = new EmbeddedChannel();
  private final PipelineClient client =
      new PipelineClient(gateway, siblings, new OpenAccess(), PipelineClient.SEVERAL_STREAMS);
  private Stream further;
  private long lastSequence;

  /** A channel that takes nothing while the test says so. */
  private static final class Stream extends EmbeddedChannel {
    boolean isStuck;
    boolean isNotHeard;

    Stream(Channel connection, ChannelHandler... pipeline) {
      super(connection, DefaultChannelId.newInstance(), true, false, pipeline);
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer bytes) throws Exception {
      if (isNotHeard) {
        throw new ChannelOutputShutdownException("the client has asked to stop");
      }
      if (!isStuck) {
        super.doWrite(bytes);
      }
    }

    void goOn() {
      isStuck = false;
      flush();
      runPendingTasks();
    }

    void clientBreaksOff() {
      pipeline().fireUserEventTriggered(BrokenOff.EVENT);
      clientEnds();
    }

    void clientEnds() {
      pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      runPendingTasks();
    }
  }

  @BeforeEach
  void connect() {
    client.send(PipelineClient.connect(ProtocolVersion.V5).build());
    assertEquals(List.of("CONNACK 00"), client.await());
    client.channel.runPendingTasks();
    further = open();
    send(SUBSCRIBE);
    assertEquals("9004000100" + "01", await(further));
  }

  @AfterEach
  void close() {
    client.close();
    further.finishAndReleaseAll();
    connection.finishAndReleaseAll();
    gateway.close();
  }

  private Stream open() {
    List<ChannelHandler> pipeline = new ArrayList<>();
    Collections.addAll(
        pipeline,
        PacketGate.decoders(GatewayHarness.LIMITS.maxPacketBytes(), gateway.lane().memory()));
    pipeline.add(Objects.requireNonNull(client.handler.furtherStream()));
    return new Stream(connection, pipeline.toArray(ChannelHandler[]::new));
  }

  private void send(String hex) {
    further.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
  }

  private String await(Stream stream) {
    StringBuilder hex = new StringBuilder();
    gateway.runUntil(
        () -> {
          for (ByteBuf out = stream.readOutbound(); out != null; out = stream.readOutbound()) {
            hex.append(ByteBufUtil.hexDump(out));
            out.release();
          }
          return !hex.isEmpty();
        });
    return hex.toString();
  }

  private void publish() {
    long sequence = ++lastSequence;
    router.send(
        RouterFrame.newBuilder()
            .setPublish(
                Publish.newBuilder()
                    .setSequence(sequence)
                    .setMessage(
                        Message.newBuilder()
                            .setTopic("t")
                            .setQos(1)
                            .setPayload(ByteString.copyFrom(new byte[LARGE_BYTES])))));
    gateway.runUntil(
        () -> router.received.stream().anyMatch(frame -> frame.getReceivedThrough() >= sequence));
    gateway.loop.runAll();
  }

  private void checkClockAfter(long seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    siblings.checkClocks(TIMEOUT_NANOS);
    gateway.loop.runAll();
  }

  @Test
  void ended_outputWaits_countsAndHoldsBackWhatComesNext() {
    further.isStuck = true;
    publish();
    publish();
    assertTrue(client.handler.waitingBytes() >= 2 * LARGE_BYTES);

    further.clientEnds();
    publish();

    assertTrue(client.handler.waitingBytes() >= 2 * LARGE_BYTES);
    assertEquals(List.of(), client.read());
    for (int i = 0; i < 3; i++) {
      siblings.checkClocks(TIMEOUT_NANOS);
    }
    assertTrue(client.handler.isStuck());

    further.goOn();

    assertFalse(further.isOpen());
    assertTrue(client.await().getFirst().startsWith("PUBLISH t"), "on the first");
    checkClockAfter(11);
    assertFalse(client.isClosed());
    assertFalse(client.handler.isStuck());
  }

  @Test
  void ended_outputHasNotLeftInTime_theConnectionEnds() {
    further.isStuck = true;
    publish();
    further.clientEnds();

    checkClockAfter(1);
    checkClockAfter(9);
    assertTrue(further.isOpen());
    checkClockAfter(2);

    assertFalse(further.isOpen());
    assertEquals(List.of("DISCONNECT 80"), client.read());
  }

  @Test
  void ended_outputIsNotHeard_theConnectionEnds() {
    further.isStuck = true;
    publish();
    further.clientEnds();
    assertEquals(List.of(), client.read());

    further.isNotHeard = true;
    further.goOn();

    assertFalse(further.isOpen());
    assertEquals(List.of("DISCONNECT 80"), client.read());
  }

  /** Its PUBACK may be lost: else the message would have its place in the window for good. */
  @Test
  void brokenOff_deliveryIsNotAcknowledgedInTime_theConnectionEnds() {
    publish();
    further.clientBreaksOff();

    checkClockAfter(1);
    checkClockAfter(9);
    assertFalse(client.isClosed());
    checkClockAfter(2);

    assertEquals(List.of("DISCONNECT 80"), client.read());
  }

  @Test
  void brokenOff_deliveryIsAcknowledgedElsewhere_theConnectionGoesOn() {
    publish();
    further.clientBreaksOff();
    checkClockAfter(1);

    client.sendHex("40 02 00 01");
    publish(); // has its identifier anew, perhaps
    checkClockAfter(11);

    assertTrue(client.read().getFirst().startsWith("PUBLISH t"));
    assertFalse(client.isClosed());
  }

  /** Where nothing was broken off, the client may take its time. */
  @Test
  void ended_deliveryIsNotAcknowledged_theConnectionGoesOn() {
    publish();
    further.clientEnds();

    checkClockAfter(1);
    checkClockAfter(11);

    assertFalse(client.isClosed());
  }

  /** Half a packet is none, and is nobody's memory any more. */
  @Test
  void ended_inTheMiddleOfAPacket_itsMemoryIsLetGo() {
    further.isStuck = true;
    publish();
    PacketGate gate = further.pipeline().get(PacketGate.class);
    send("3207000174");
    assertTrue(gate.heldBytes() > 0);

    further.clientEnds();

    assertTrue(further.isOpen());
    assertEquals(0, gate.heldBytes());
  }

  @Test
  void connectionEnds_whatWasWrittenLeaves_andNothingMoreIsRead() {
    assertTrue(further.config().isAutoRead());
    send(PUBREL);

    client.handler.end(ReasonCode.SESSION_TAKEN_OVER);
    Stream late = open();

    assertEquals(PUBCOMP, await(further));
    assertFalse(further.config().isAutoRead());
    assertEquals(List.of("DISCONNECT 8e"), client.read());
    assertFalse(late.config().isAutoRead());
    late.finishAndReleaseAll();
  }

  @Test
  void client_disconnects_nothingIsReadOfItsOtherStreams() {
    assertNotNull(client.handler.furtherStream());

    client.sendHex("e0 00");

    assertFalse(further.config().isAutoRead());
  }
}
