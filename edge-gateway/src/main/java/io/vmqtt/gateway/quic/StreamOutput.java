package io.vmqtt.gateway.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.util.concurrent.Future;
import io.vmqtt.gateway.transport.BrokenOff;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for the client of one stream. A channel of QUIC has no queue that could be looked
 * into, and calls back in the middle of a write. So what is written waits here, is counted, and
 * goes on in small parts as the stream takes them, as it would from a socket of TCP. One part is
 * with the channel even when it takes none: where the client says that it hears no more, the
 * channel tells only those whose bytes it has. Confined to the event loop.
 */
final class StreamOutput extends ChannelDuplexHandler {
  private static final Logger log = LoggerFactory.getLogger(StreamOutput.class);
  private static final int PART_BYTES = 16 << 10;

  /** So that a writer that looks whether the stream takes more sees it before its flush. */
  private static final int EAGER_BYTES = 64 << 10;

  private final Queue<Written> queue = new ArrayDeque<>();
  private long waitingBytes;
  private long takenBytes;

  /** Parts that the channel has, and the stream does not. */
  private int handedOver;

  private boolean sending;

  private record Written(ByteBuf bytes, ChannelPromise promise) {

    void end(@Nullable Throwable failure) {
      bytes.release();
      if (promise.isVoid()) {
        return;
      }
      if (failure == null) {
        promise.trySuccess();
      } else {
        promise.tryFailure(failure);
      }
    }
  }

  /** That of a channel; null where there is none. */
  static @Nullable StreamOutput of(Channel channel) {
    return channel.pipeline().get(StreamOutput.class);
  }

  /** Bytes that the stream has not taken. */
  long waitingBytes() {
    return waitingBytes;
  }

  /** Bytes that it has taken so far. */
  long takenBytes() {
    return takenBytes;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    Written written = new Written((ByteBuf) message, promise);
    if (!context.channel().isActive()) {
      written.end(new ClosedChannelException());
      return;
    }
    queue.add(written);
    waitingBytes += written.bytes.readableBytes();
    if (waitingBytes >= EAGER_BYTES) {
      send(context);
    }
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    send(context);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (sending) {
      return; // seen by the loop below
    }
    send(context);
    if (queue.isEmpty()) {
      context.fireChannelWritabilityChanged();
    }
  }

  private void send(ChannelHandlerContext context) {
    if (sending) {
      return;
    }
    sending = true;
    try {
      while (!queue.isEmpty() && (handedOver == 0 || context.channel().isWritable())) {
        sendPart(context, queue.element());
      }
    } finally {
      sending = false;
    }
  }

  private void sendPart(ChannelHandlerContext context, Written written) {
    int length = Math.min(PART_BYTES, written.bytes.readableBytes());
    boolean isLast = length == written.bytes.readableBytes();
    if (isLast) {
      queue.remove();
    }
    handedOver++;
    context
        .write(written.bytes.readRetainedSlice(length))
        .addListener(done -> taken(context, written, length, isLast, done));
  }

  private void taken(
      ChannelHandlerContext context, Written written, int length, boolean isLast, Future<?> done) {
    handedOver--;
    waitingBytes -= length;
    if (done.isSuccess()) {
      takenBytes += length;
    }
    if (isLast) {
      written.end(done.cause());
    }
    if (!done.isSuccess()) {
      var _ = context.close(); // as a socket would that cannot be written to
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    for (Written left = queue.poll(); left != null; left = queue.poll()) {
      waitingBytes -= left.bytes.readableBytes();
      left.end(new ClosedChannelException());
    }
    context.fireChannelInactive();
  }

  /** The client has reset the stream, for example. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof QuicStreamResetException
        && context.channel() instanceof QuicStreamChannel stream
        && stream.config().isAllowHalfClosure()) {
      // It has no more to say, and may be listening still.
      context.fireUserEventTriggered(BrokenOff.EVENT);
      context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      QuicConnection.brokenOff(stream);
    } else if (cause instanceof QuicException || cause instanceof QuicStreamResetException) {
      log.debug("a stream of QUIC failed", cause);
      var _ = context.close();
    } else {
      context.fireExceptionCaught(cause);
    }
  }
}
