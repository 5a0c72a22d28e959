package io.vmqtt.gateway.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.vmqtt.gateway.codec.PacketGate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A further stream of a client, beside the one that it began with: its packets go to the same
 * connection. Nothing is read from it before CONNACK. When the client has sent its last there,
 * nothing new goes that way, and when what was written has left, it ends; the connection goes on.
 * Until then it counts as before, and has so long. A stream that ends in another way, or whose last
 * could not be written, has lost what the client was to get, and so its connection ends, too.
 * Confined to the event loop.
 */
final class DataStream extends ChannelInboundHandlerAdapter {
  private final DataStreams all;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ClientWriter writer;
  private boolean ending;
  private boolean hasDeadline;
  private long deadlineNanos;

  /** Everything that was written. */
  private boolean hasLeft;

  DataStream(DataStreams all) {
    this.all = all;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    writer = all.newWriter(added);
    added.channel().config().setAutoRead(false);
  }

  /** What is there already may be read from here on, and not while its pipeline is being made. */
  @Override
  public void channelActive(ChannelHandlerContext here) {
    all.add(this);
  }

  Channel channel() {
    return Objects.requireNonNull(context).channel();
  }

  ClientWriter writer() {
    return Objects.requireNonNull(writer);
  }

  /** Whether nothing new is to go that way. */
  boolean isEnding() {
    return ending;
  }

  /** Cuts it off if what was written last has not left in time. */
  void checkClock(long nowNanos, long timeoutNanos) {
    if (!ending) {
      return;
    }
    if (!hasDeadline) {
      hasDeadline = true;
      deadlineNanos = nowNanos + timeoutNanos;
    } else if (nowNanos - deadlineNanos > 0) {
      writer().cutOff();
    }
  }

  /** The connection is over: what was written leaves, and nothing is read any more. */
  void fallQuiet() {
    writer().fallQuiet();
    channel().config().setAutoRead(false);
  }

  /** Memory of a packet that is not complete. */
  int heldBytes() {
    PacketGate gate = channel().pipeline().get(PacketGate.class);
    return gate == null ? 0 : gate.heldBytes();
  }

  @Override
  public void channelRead(ChannelHandlerContext here, Object packet) {
    all.read(this, packet);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext here) {
    all.readSome();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext here) {
    all.writabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext here, Object event) {
    if (event == BrokenOff.EVENT) {
      all.brokenOff();
    }
    if (event instanceof ChannelInputShutdownEvent && !ending) {
      ending = true;
      all.ending(this);
      writer().finish().addListener(written -> finished(here, written.isSuccess()));
    }
  }

  private void finished(ChannelHandlerContext here, boolean everything) {
    hasLeft = everything;
    if (everything) {
      Farewell.closeOutput(here.channel());
    }
    var _ = here.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext here) {
    all.remove(this);
    writer().fallSilent();
    ending = true;
    if (hasLeft) {
      all.writabilityChanged(); // it may have been the only one that took no more
    } else {
      all.lost(here.channel());
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
    all.failed(here, cause);
  }
}
