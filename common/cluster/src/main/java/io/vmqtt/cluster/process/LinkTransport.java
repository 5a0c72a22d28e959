package io.vmqtt.cluster.process;

import io.grpc.ServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.vmqtt.cluster.wire.Channels;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/**
 * Sets Micronaut's gRPC server up for links, as {@link Channels#NETWORK} is at their other end:
 * events run on the transport's threads, since whoever gets them hands them on at once.
 */
@Singleton
final class LinkTransport implements BeanCreatedEventListener<ServerBuilder<?>> {
  /** Pings of clients may come as often as this; gRPC's own bound of 5 minutes is for strangers. */
  private static final long SHORTEST_PING_SECONDS = 1;

  @Override
  public ServerBuilder<?> onCreated(BeanCreatedEvent<ServerBuilder<?>> event) {
    return ((NettyServerBuilder) event.getBean())
        .directExecutor()
        .maxInboundMessageSize(Channels.MAX_MESSAGE_BYTES)
        .flowControlWindow(Channels.FLOW_CONTROL_WINDOW_BYTES)
        .permitKeepAliveTime(SHORTEST_PING_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true);
  }
}
