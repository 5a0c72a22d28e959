package io.vmqtt.gateway.listener;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when a connection cannot be accepted, as when the process has no descriptor left:
 * the listener rests for a second, instead of asking again and again. It is counted, not logged: it
 * may go on for long.
 */
@ChannelHandler.Sharable
final class AcceptFailures extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(AcceptFailures.class);
  static final long REST_MILLIS = 1_000;

  private final Runnable count;

  /**
   * @param count counts a failure
   */
  AcceptFailures(Runnable count) {
    this.count = count;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    count.run();
    log.debug("a connection cannot be accepted", cause);
    context.channel().config().setAutoRead(false);
    var _ =
        context
            .executor()
            .schedule(
                () -> context.channel().config().setAutoRead(true),
                REST_MILLIS,
                TimeUnit.MILLISECONDS);
  }
}
