package io.vmqtt.gateway.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes to one socket of a listener. A client that has moved comes to another socket than the
 * one that has its connection: what is of another is handed to it. And a first packet that is too
 * small is thrown away: its answer could be larger, and its sender somebody else (RFC 9000, 14.1).
 */
final class Datagrams extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Datagrams.class);
  private static final int LONG_HEADER = 0x80;
  private static final int TYPE = 0x30;
  private static final int INITIAL = 0x00;
  private static final int MIN_INITIAL_BYTES = 1200;
  private static final int MOST_HANDED = 1024;

  private final List<Datagrams> all;
  private final Supplier<QuicHead> present;
  private final AtomicInteger handed = new AtomicInteger();
  private volatile @Nullable ChannelHandlerContext context;

  /**
   * One of those of a listener.
   *
   * @param all in the order of their numbers; complete when the first datagram comes
   * @param present counts what is thrown away
   */
  Datagrams(List<Datagrams> all, Supplier<QuicHead> present) {
    this.all = all;
    this.present = present;
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
    if ((first & LONG_HEADER) == 0) {
      int owner = OwnedIds.owner(bytes);
      if (owner >= 0 && owner < all.size() && all.get(owner) != this) {
        all.get(owner).take(packet);
        return;
      }
    } else if ((first & TYPE) == INITIAL && bytes.readableBytes() < MIN_INITIAL_BYTES) {
      present.get().metrics().droppedSmall();
      packet.release();
      return;
    }
    here.fireChannelRead(packet);
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
                own.fireChannelRead(packet);
                own.fireChannelReadComplete();
              });
    } catch (RejectedExecutionException e) { // the end
      throwAway(packet);
    }
  }

  private void throwAway(DatagramPacket packet) {
    handed.decrementAndGet();
    present.get().metrics().droppedBusy();
    packet.release();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
    log.debug("a socket of QUIC failed", cause);
  }
}
