package io.vmqtt.gateway.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes to one socket of a listener, and goes from there. A client that has moved comes to
 * another socket than the one that has its connection: what is of another is handed to it, if that
 * has given its identifier. A first packet that is too small is thrown away: its answer could be
 * larger, and its sender somebody else (RFC 9000, 14.1). So is one that would be answered while
 * answers wait already. And what goes where nobody has shown that he is there is bounded by {@link
 * Destinations}: the library sends to wherever the latest packet came from, also where that was no
 * good one.
 */
final class Datagrams extends ChannelDuplexHandler {
  private static final Logger log = LoggerFactory.getLogger(Datagrams.class);
  private static final int LONG_HEADER = 0x80;
  private static final int TYPE = 0x30;
  private static final int INITIAL = 0x00;
  private static final int MIN_INITIAL_BYTES = 1200;
  static final int MOST_HANDED = 1024;

  private final OwnedIds ids;
  private final List<Datagrams> all;
  private final Supplier<QuicMetrics> metrics;
  private final Destinations destinations = new Destinations();
  private final AtomicInteger handed = new AtomicInteger();
  private volatile @Nullable ChannelHandlerContext context;

  /**
   * One of those of a listener.
   *
   * @param ids of its connections
   * @param all in the order of their numbers; complete when the first datagram comes
   * @param metrics count what is thrown away
   */
  Datagrams(OwnedIds ids, List<Datagrams> all, Supplier<QuicMetrics> metrics) {
    this.ids = ids;
    this.all = all;
    this.metrics = metrics;
  }

  /** Where what goes from the socket of a connection may go. On its event loop. */
  static Destinations destinations(Channel connection) {
    return connection.parent().pipeline().get(Datagrams.class).destinations;
  }

  /** Identifiers of the connections of this socket. */
  OwnedIds ids() {
    return ids;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext here, Object message) {
    DatagramPacket packet = (DatagramPacket) message;
    ByteBuf bytes = packet.content();
    int first = bytes.isReadable() ? bytes.getByte(bytes.readerIndex()) : 0;
    if ((first & LONG_HEADER) != 0) {
      if ((first & TYPE) == INITIAL && bytes.readableBytes() < MIN_INITIAL_BYTES) {
        metrics.get().droppedSmall();
        packet.release();
        return;
      }
      if (!here.channel().isWritable()) {
        metrics.get().droppedBusy(); // as if it were lost on the way: it comes again
        packet.release();
        return;
      }
    } else {
      int owner = OwnedIds.owner(bytes);
      if (owner >= 0 && owner < all.size() && all.get(owner) != this) {
        handOver(all.get(owner), packet);
        return;
      }
    }
    pass(here, packet);
  }

  private void handOver(Datagrams owner, DatagramPacket packet) {
    if (ids.isGiven(packet.content())) {
      owner.take(packet);
    } else {
      metrics.get().droppedForged();
      packet.release();
    }
  }

  private void pass(ChannelHandlerContext own, DatagramPacket packet) {
    destinations.came(packet.sender(), packet.content().readableBytes());
    own.fireChannelRead(packet);
  }

  /** One that came to another socket. By any event loop. */
  private void take(DatagramPacket packet) {
    ChannelHandlerContext own = context;
    if (handed.incrementAndGet() > MOST_HANDED || own == null) {
      throwAway(packet);
      return;
    }
    try {
      own.executor()
          .execute(
              () -> {
                handed.decrementAndGet();
                pass(own, packet);
                own.fireChannelReadComplete();
              });
    } catch (RejectedExecutionException e) { // the end
      throwAway(packet);
    }
  }

  private void throwAway(DatagramPacket packet) {
    handed.decrementAndGet();
    metrics.get().droppedBusy();
    packet.release();
  }

  @Override
  public void write(ChannelHandlerContext here, Object message, ChannelPromise promise) {
    DatagramPacket packet = (DatagramPacket) message;
    if (destinations.mayGo(packet.recipient(), packet.content().readableBytes())) {
      var _ = here.write(packet, promise);
    } else {
      metrics.get().droppedUnproven();
      packet.release();
      promise.trySuccess(); // as if it were lost on the way
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
    log.debug("a socket of QUIC failed", cause);
  }
}
