package io.vmqtt.cluster.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.vmqtt.cluster.identity.Doorstep;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands in the channel that accepts connections: lets only so many in that have not proved what
 * they are, for so long, and says which of them came to nothing for want of a certificate. Servers
 * keep that to themselves.
 */
public final class CallersAtTheDoor extends ChannelInboundHandlerAdapter {
  /** The first byte of a handshake. */
  private static final int HANDSHAKE = 0x16;

  private final Doorstep doorstep;
  private final String hint;

  /**
   * @param hint what turns TLS on, for whoever tries it where it is off
   */
  public CallersAtTheDoor(Doorstep doorstep, String hint) {
    this.doorstep = doorstep;
    this.hint = hint;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    if (accepted instanceof Channel caller) {
      if (!(caller.remoteAddress() instanceof InetSocketAddress remote)) {
        caller.unsafe().closeForcibly(); // it has gone again, and is on no loop yet
        return;
      }
      Doorstep.Newcomer newcomer = doorstep.enter(remote.getAddress(), () -> close(caller));
      caller.closeFuture().addListener(_ -> doorstep.leave(newcomer));
      caller.pipeline().addFirst(new Newcomer(newcomer));
    }
    context.fireChannelRead(accepted);
  }

  /** Past TLS, which would wait until it has said so. */
  private static void close(Channel caller) {
    ChannelHandlerContext first = caller.pipeline().firstContext();
    if (first != null) { // else it has gone by itself
      var _ = first.close();
    }
  }

  /** Gone as soon as its handshake is over or, where there is none, it has said something. */
  private final class Newcomer extends ChannelInboundHandlerAdapter {
    private final Doorstep.Newcomer newcomer;
    private @Nullable Future<?> timer;
    private boolean inHandshake;

    Newcomer(Doorstep.Newcomer newcomer) {
      this.newcomer = newcomer;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      timer =
          context
              .executor()
              .schedule(
                  () -> {
                    doorstep.tooSlow(newcomer.address());
                    var _ = context.close();
                  },
                  Doorstep.PATIENCE.toMillis(),
                  TimeUnit.MILLISECONDS);
    }

    /** Also where the channel has gone. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      Future<?> pending = timer;
      if (pending != null) {
        pending.cancel(false);
      }
      doorstep.leave(newcomer);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      SslHandler tls = context.pipeline().get(SslHandler.class);
      if (tls == null) {
        if (bytes instanceof ByteBuf first
            && first.isReadable()
            && first.getUnsignedByte(first.readerIndex()) == HANDSHAKE) {
          doorstep.refuse(newcomer.address(), "one with TLS came; " + hint + " turns it on");
        }
        context.pipeline().remove(this);
      } else if (!inHandshake) {
        inHandshake = true;
        tls.handshakeFuture().addListener(over -> ended(context, over));
      }
      context.fireChannelRead(bytes);
    }

    private void ended(ChannelHandlerContext context, Future<?> handshake) {
      if (handshake.isSuccess()) {
        context.pipeline().remove(this);
      } else if (handshake.cause() instanceof NotSslRecordException) {
        doorstep.refuse(newcomer.address(), "one without TLS came");
      } else if (!(handshake.cause() instanceof ClosedChannelException)) {
        doorstep.failed(newcomer.address(), handshake.cause());
      }
    }
  }
}
