package io.vmqtt.gateway.transport;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vmqtt.cluster.machine.OccasionalWarning;
import java.util.concurrent.TimeUnit;

/**
 * What happens when a connection cannot be accepted, as when the process has no descriptor left:
 * the listener rests for a second, instead of asking again and again, and says so now and then.
 */
@ChannelHandler.Sharable
final class AcceptFailures extends ChannelInboundHandlerAdapter {
  static final long REST_MILLIS = 1_000;

  private final OccasionalWarning warning =
      new OccasionalWarning(
          AcceptFailures.class, "a connection cannot be accepted, no more are for a second");

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
    warning.happened(cause);
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
