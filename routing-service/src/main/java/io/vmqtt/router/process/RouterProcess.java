package io.vmqtt.router.process;

import io.micronaut.grpc.server.GrpcEmbeddedServer;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.node.LocalNode;
import io.vmqtt.cluster.node.NetworkLinks;
import io.vmqtt.cluster.status.NodeStatus;
import io.vmqtt.router.RouterNode;
import jakarta.inject.Singleton;
import java.util.Map;

/** What this process is to the others, and how it is doing. */
@Singleton
final class RouterProcess implements LocalNode, NodeStatus {
  private final RouterNode router;
  private final NetworkLinks links;
  private final GrpcEmbeddedServer grpc;

  RouterProcess(RouterNode router, NetworkLinks links, GrpcEmbeddedServer grpc) {
    this.router = router;
    this.links = links;
    this.grpc = grpc;
  }

  @Override
  public String id() {
    return links.ends().self().nodeId();
  }

  @Override
  public Role role() {
    return Role.ROUTING_SERVICE;
  }

  @Override
  public int grpcPort() {
    return grpc.getPort(); // Starts the server if nobody has yet.
  }

  @Override
  public boolean isReady() {
    return router.isReady();
  }

  @Override
  public Map<String, Object> figures() {
    return Map.of("ready", isReady());
  }
}
