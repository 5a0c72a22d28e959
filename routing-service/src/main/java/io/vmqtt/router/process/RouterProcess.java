package io.vmqtt.router.process;

import io.micronaut.grpc.server.GrpcEmbeddedServer;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.node.LocalNode;
import io.vmqtt.cluster.node.RoleLinks;
import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.status.NodeStatus;
import io.vmqtt.router.RouterNode;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this process is to the others, and how it is doing. */
@Singleton
final class RouterProcess implements LocalNode, NodeStatus {
  private final RouterNode router;
  private final String id;
  private final @Nullable GrpcEmbeddedServer grpc;

  RouterProcess(RouterNode router, RoleLinks links, @Nullable GrpcEmbeddedServer grpc) {
    this.router = router;
    this.id = links.ends(role()).self().nodeId();
    this.grpc = grpc;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Role role() {
    return Role.ROUTING_SERVICE;
  }

  @Override
  public int grpcPort() {
    return grpc == null ? 0 : grpc.getPort(); // Starts the server if nobody has yet.
  }

  @Override
  public Answers answers() {
    return router.answers();
  }

  @Override
  public boolean isReady() {
    return router.isReady();
  }

  @Override
  public Map<String, Object> figures() {
    return Map.of("ready", isReady(), "links", router.links());
  }
}
