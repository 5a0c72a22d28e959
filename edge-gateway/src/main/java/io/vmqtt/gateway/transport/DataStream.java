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
 * nothing new goes that way, and when what was written has left, it ends; the connection goes on. A
 * stream that ends in another way may have lost what the client was to get, and so its connection
 * ends, too. Confined to the event loop.
 */
final class DataStream extends ChannelInboundHandlerAdapter {
  private final DataStreams all;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ClientWriter writer;
  private boolean ending;

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
    if (event instanceof ChannelInputShutdownEvent && !ending) {
      ending = true;
      all.remove(this);
      writer()
          .finish(
              () -> {
                Farewell.closeOutput(here.channel());
                var _ = here.close();
              });
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext here) {
    all.remove(this);
    writer().fallSilent();
    if (!ending) {
      ending = true;
      all.lost(here.channel());
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
    all.failed(here, cause);
  }
}
