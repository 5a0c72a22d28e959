package io.vmqtt.standalone;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.inprocess.InProcessServerBuilder;
import io.micronaut.context.annotation.Replaces;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.node.NetworkLinks;
import io.vmqtt.cluster.node.NodeId;
import io.vmqtt.cluster.node.RoleLinks;
import io.vmqtt.cluster.node.Version;
import io.vmqtt.cluster.wire.Channels;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/** Links among the roles of this process, by in-process gRPC; each role is somebody of its own. */
@Singleton
@Replaces(NetworkLinks.class)
final class InProcessLinks implements RoleLinks, AutoCloseable {
  private final SecureRandom random = new SecureRandom();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("link-timer").daemon().factory());
  private final Map<Role, LinkEnds> ends = new EnumMap<>(Role.class);
  private final List<Server> servers = new ArrayList<>();

  InProcessLinks() {
    timer.setRemoveOnCancelPolicy(true);
  }

  @Override
  public synchronized LinkEnds ends(Role role) {
    return ends.computeIfAbsent(
        role,
        absent ->
            new LinkEnds(
                new Peer(NodeId.random(random), random.nextLong(), Version.current()),
                options(),
                timer));
  }

  @Override
  public Channels channels() {
    return Channels.IN_PROCESS;
  }

  @Override
  public LinkOptions options() {
    return LinkOptions.IN_PROCESS;
  }

  @Override
  public @Nullable Executor thread() {
    return null;
  }

  /** Serves a node under its id. */
  synchronized void serve(String nodeId, List<BindableService> services) throws IOException {
    InProcessServerBuilder builder = InProcessServerBuilder.forName(nodeId).directExecutor();
    services.forEach(builder::addService);
    servers.add(builder.maxInboundMessageSize(Channels.MAX_MESSAGE_BYTES).build().start());
  }

  @Override
  @PreDestroy
  public synchronized void close() {
    servers.forEach(Server::shutdownNow);
    timer.shutdownNow();
  }
}
