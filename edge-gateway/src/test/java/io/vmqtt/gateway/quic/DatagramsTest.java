package io.vmqtt.gateway.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two sockets of one listener. */
class DatagramsTest {
  private static final byte[] KEY = {1, 2, 3};
  private static final int FIRST_PACKET = 0xC0;
  private static final int SHORT_HEADER = 0x40;
  private static final InetSocketAddress HERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
  private static final InetSocketAddress CLIENT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
  private static final InetSocketAddress OTHER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 3);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final QuicMetrics metrics = new QuicMetrics(registry, "quic");
  private final List<Datagrams> all = new ArrayList<>();
  private final EmbeddedChannel first = socket(0);
  private final EmbeddedChannel second = socket(1);

  private EmbeddedChannel socket(int number) {
    Datagrams datagrams = new Datagrams(new OwnedIds(number, KEY), all, () -> metrics);
    all.add(datagrams);
    return new EmbeddedChannel(datagrams);
  }

  @AfterEach
  void close() {
    first.finishAndReleaseAll();
    second.finishAndReleaseAll();
  }

  private double dropped(String reason) {
    return registry
        .get("vmqtt.gateway.quic.datagrams.dropped")
        .tags("listener", "quic", "reason", reason)
        .counter()
        .count();
  }

  private static DatagramPacket from(InetSocketAddress sender, int header, ByteBuf rest, int size) {
    ByteBuf bytes = Unpooled.buffer().writeByte(header).writeBytes(rest);
    return new DatagramPacket(bytes.writeZero(size - bytes.readableBytes()), HERE, sender);
  }

  private static DatagramPacket of(OwnedIds ids) {
    return from(CLIENT, SHORT_HEADER, Unpooled.wrappedBuffer(ids.newId(OwnedIds.BYTES)), 30);
  }

  private static int sent(EmbeddedChannel socket, InetSocketAddress to, int size) {
    socket.writeOutbound(new DatagramPacket(Unpooled.buffer().writeZero(size), to, HERE));
    DatagramPacket gone = socket.readOutbound();
    if (gone == null) {
      return 0;
    }
    gone.release();
    return size;
  }

  @Test
  void channelRead_ofAnotherSocket_isHandedToIt() {
    first.writeInbound(of(all.get(1).ids()));
    second.runPendingTasks();

    assertNull(first.readInbound());
    DatagramPacket packet = second.readInbound();
    assertNotNull(packet);
    packet.release();
  }

  /** Whoever has seen no identifier cannot keep those from their sockets who have one. */
  @Test
  void channelRead_manyWithIdentifiersThatNobodyHasGiven_takeNobodysPlace() {
    OwnedIds forged = new OwnedIds(1, new byte[] {9});
    for (int i = 0; i <= Datagrams.MOST_HANDED; i++) {
      first.writeInbound(of(forged));
    }
    first.writeInbound(of(all.get(1).ids()));
    second.runPendingTasks();

    DatagramPacket packet = second.readInbound();
    assertNotNull(packet);
    packet.release();
    assertNull(second.readInbound());
    assertEquals(Datagrams.MOST_HANDED + 1, dropped("forged"));
    assertEquals(0, dropped("busy"));
  }

  @Test
  void channelRead_moreOfAnotherSocketThanItTakes_isThrownAway() {
    for (int i = 0; i <= Datagrams.MOST_HANDED; i++) {
      first.writeInbound(of(all.get(1).ids()));
    }
    second.runPendingTasks();

    assertEquals(Datagrams.MOST_HANDED, second.inboundMessages().size());
    assertEquals(1, dropped("busy"));
  }

  @Test
  void write_whereNobodyHasShownThatHeIsThere_isThreeTimesWhatCameAtMost() {
    assertEquals(0, sent(first, OTHER, 1), "nothing came from there");

    first.writeInbound(from(OTHER, FIRST_PACKET, Unpooled.EMPTY_BUFFER, 1200));
    assertEquals(1200, sent(first, OTHER, 1200));
    assertEquals(1200, sent(first, OTHER, 1200));
    assertEquals(0, sent(first, OTHER, 1201), "more than there is room for");
    assertEquals(1200, sent(first, OTHER, 1200));
    assertEquals(0, sent(first, OTHER, 1));
    assertEquals(0, sent(second, OTHER, 1), "it came to another socket");
    assertEquals(4, dropped("unproven"));
  }

  /** What is handed over counts where its answer leaves. */
  @Test
  void write_toWhereAHandedOneCameFrom_isThreeTimesThatAtMost() {
    first.writeInbound(of(all.get(1).ids()));
    second.runPendingTasks();

    assertEquals(0, sent(first, CLIENT, 1));
    assertEquals(90, sent(second, CLIENT, 90));
    assertEquals(0, sent(second, CLIENT, 1));
  }

  @Test
  void destinations_provenForTwo_takeAnyNumberUntilBothHaveGone() {
    Destinations destinations = new Destinations();
    destinations.prove(CLIENT);
    destinations.prove(CLIENT);
    assertTrue(destinations.mayGo(CLIENT, 1_000_000));
    destinations.forget(CLIENT);
    assertTrue(destinations.mayGo(CLIENT, 1_000_000));
    destinations.forget(CLIENT);
    assertEquals(false, destinations.mayGo(CLIENT, 1));
  }

  @Test
  void destinations_moreThanAreRemembered_theQuietestIsForgotten() {
    Destinations destinations = new Destinations();
    for (int port = 1; port <= Destinations.MOST_UNPROVEN; port++) {
      destinations.came(new InetSocketAddress("192.0.2.1", port), 100);
    }
    assertTrue(destinations.mayGo(new InetSocketAddress("192.0.2.1", 1), 100));
    destinations.came(new InetSocketAddress("192.0.2.2", 1), 100);

    assertEquals(false, destinations.mayGo(new InetSocketAddress("192.0.2.1", 2), 1));
    assertTrue(destinations.mayGo(new InetSocketAddress("192.0.2.1", 1), 200));
    assertTrue(destinations.mayGo(new InetSocketAddress("192.0.2.2", 1), 300));
  }

  /** A flood of first packets, and a network that does not take as many tokens. */
  @Test
  void channelRead_firstPacketWhileAnswersWait_isThrownAway() {
    EmbeddedChannel socket = socket(2);
    socket.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 100));
    socket
        .pipeline()
        .addFirst(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void flush(ChannelHandlerContext context) {
                // The network takes nothing.
              }
            });
    socket.writeInbound(from(CLIENT, FIRST_PACKET, Unpooled.EMPTY_BUFFER, 1200));
    assertEquals(1, socket.inboundMessages().size());
    var _ =
        socket.writeAndFlush(new DatagramPacket(Unpooled.buffer().writeZero(200), CLIENT, HERE));

    socket.writeInbound(from(CLIENT, FIRST_PACKET, Unpooled.EMPTY_BUFFER, 1200));

    assertEquals(1, socket.inboundMessages().size());
    assertEquals(1, dropped("busy"));
    socket.finishAndReleaseAll();
  }
}
