package io.vmqtt.cluster.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.vmqtt.cluster.identity.Callers;
import io.vmqtt.cluster.identity.ProcessIdentity;
import io.vmqtt.cluster.identity.ProvenRoles;
import io.vmqtt.cluster.identity.Refusals;
import io.vmqtt.cluster.identity.WrongPeerException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands in the channel that accepts connections, and says which of them came to nothing for want
 * of a certificate: gRPC keeps that to itself.
 */
final class CallersAtTheDoor extends ChannelInboundHandlerAdapter {
  /** The first byte of a handshake. */
  private static final int HANDSHAKE = 0x16;

  /** By words alone, both providers tell what the other side has said. */
  private static final Pattern ALERT =
      Pattern.compile("received fatal alert|_alert_", Pattern.CASE_INSENSITIVE);

  private final String expected;
  private final Refusals refusals;

  /**
   * @param identity what this process shows callers; null: it does not speak TLS
   */
  CallersAtTheDoor(@Nullable ProcessIdentity identity, Refusals refusals) {
    this.expected =
        identity == null
            ? "one without TLS"
            : "a certificate of " + ProvenRoles.text(Callers.of(identity.role()));
    this.refusals = refusals;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    if (accepted instanceof Channel caller) {
      caller.pipeline().addFirst(new FirstBytes());
    }
    context.fireChannelRead(accepted);
  }

  private void failed(Channel caller, Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    if (WrongPeerException.isBehind(failure) || failure instanceof ClosedChannelException) {
      return; // it has been said, or the caller went without a word
    }
    if (failure instanceof NotSslRecordException) {
      refuse(caller, "one without TLS came");
    } else if (ALERT.matcher(message).find()) {
      refusals.say("refused by the caller at " + host(caller) + ": " + message);
    } else {
      refuse(caller, "none came: " + message);
    }
  }

  private void refuse(Channel caller, String came) {
    refusals.say(
        "refuses the caller at " + host(caller) + ": " + expected + " was expected, " + came);
  }

  /** Without the port, which is another one each time. */
  private static String host(Channel caller) {
    return caller.remoteAddress() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : String.valueOf(caller.remoteAddress());
  }

  /** Gone as soon as somebody has said something. */
  private final class FirstBytes extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      Channel caller = context.channel();
      SslHandler tls = context.pipeline().get(SslHandler.class);
      if (tls != null) {
        tls.handshakeFuture()
            .addListener(
                over -> {
                  if (!over.isSuccess()) {
                    failed(caller, over.cause());
                  }
                });
      } else if (bytes instanceof ByteBuf first
          && first.isReadable()
          && first.getUnsignedByte(first.readerIndex()) == HANDSHAKE) {
        refuse(caller, "one with TLS came; --cluster-certificate turns it on");
      }
      context.pipeline().remove(this);
      context.fireChannelRead(bytes);
    }
  }
}
