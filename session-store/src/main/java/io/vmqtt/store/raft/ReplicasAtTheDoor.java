package io.vmqtt.store.raft;

import io.vmqtt.cluster.identity.Doorstep;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.io.netty.buffer.ByteBuf;
import org.apache.ratis.thirdparty.io.netty.channel.Channel;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelFactory;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelHandlerContext;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.ratis.thirdparty.io.netty.channel.ServerChannel;
import org.apache.ratis.thirdparty.io.netty.channel.epoll.Epoll;
import org.apache.ratis.thirdparty.io.netty.channel.epoll.EpollServerSocketChannel;
import org.apache.ratis.thirdparty.io.netty.channel.socket.nio.NioServerSocketChannel;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.NotSslRecordException;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslHandler;
import org.apache.ratis.thirdparty.io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Stands before Raft's server as {@link io.vmqtt.cluster.wire.CallersAtTheDoor} does before that of
 * links, with the Netty that is within Ratis: lets only so many in that have not proved what they
 * are, for so long, and says which of them came to nothing.
 */
final class ReplicasAtTheDoor extends ChannelInboundHandlerAdapter {
  /** The first byte of a handshake. */
  private static final int HANDSHAKE = 0x16;

  private final Doorstep doorstep;
  private final Runnable ended;

  private ReplicasAtTheDoor(Doorstep doorstep, Runnable ended) {
    this.doorstep = doorstep;
    this.ended = ended;
  }

  /**
   * Channels that accept connections, with the door before them.
   *
   * @param epoll whether Ratis has its threads wait for that
   * @param ended told whenever a connection has ended whose caller had come in; must not block
   */
  static ChannelFactory<ServerChannel> channels(Doorstep doorstep, boolean epoll, Runnable ended) {
    return () -> {
      ServerChannel server =
          epoll && Epoll.isAvailable()
              ? new EpollServerSocketChannel()
              : new NioServerSocketChannel();
      server.pipeline().addLast(new ReplicasAtTheDoor(doorstep, ended));
      return server;
    };
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    if (accepted instanceof Channel caller) {
      if (!(caller.remoteAddress() instanceof InetSocketAddress remote)) {
        caller.unsafe().closeForcibly(); // it has gone again, and is on no loop yet
        return;
      }
      Doorstep.Newcomer newcomer = doorstep.enter(remote.getAddress(), () -> close(caller));
      var _ = caller.closeFuture().addListener(_ -> doorstep.leave(newcomer));
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
          doorstep.refuse(
              newcomer.address(), "one with TLS came; --cluster-certificate turns it on");
        }
        comesIn(context);
      } else if (!inHandshake) {
        inHandshake = true;
        var _ = tls.handshakeFuture().addListener(over -> ended(context, over));
      }
      context.fireChannelRead(bytes);
    }

    private void comesIn(ChannelHandlerContext context) {
      context.pipeline().remove(this);
      var _ = context.channel().closeFuture().addListener(_ -> ended.run());
    }

    private void ended(ChannelHandlerContext context, Future<?> handshake) {
      if (handshake.isSuccess()) {
        comesIn(context);
      } else if (handshake.cause() instanceof NotSslRecordException) {
        doorstep.refuse(newcomer.address(), "one without TLS came");
      } else if (!(handshake.cause() instanceof ClosedChannelException)) {
        doorstep.failed(newcomer.address(), handshake.cause());
      }
    }
  }
}
