package io.vmqtt.cluster.process;

import io.grpc.ServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.vmqtt.cluster.node.NetworkLinks;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/**
 * Has Micronaut's gRPC server run on the threads of this process's links: events come there, since
 * whoever gets them hands them on at once.
 */
@Singleton
@Requires(property = RoleProcess.GRPC_ENABLED, value = "true")
final class LinkTransport implements BeanCreatedEventListener<ServerBuilder<?>> {
  /** Pings of clients may come as often as this; gRPC's own bound of 5 minutes is for strangers. */
  private static final long SHORTEST_PING_SECONDS = 1;

  private final NetworkLinks links;

  LinkTransport(NetworkLinks links) {
    this.links = links;
  }

  @Override
  public ServerBuilder<?> onCreated(BeanCreatedEvent<ServerBuilder<?>> event) {
    return links
        .transport()
        .serve((NettyServerBuilder) event.getBean())
        .permitKeepAliveTime(SHORTEST_PING_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true);
  }
}
