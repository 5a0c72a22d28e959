package io.vmqtt.cluster.node;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.status.NodeStatus;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A gateway, as far as its rim is concerned. */
@Singleton
@Requires(property = "test.node-id")
final class TestNode implements LocalNode, NodeStatus {
  private final String id;
  private final String fault;

  TestNode(@Value("${test.node-id}") String id, @Value("${test.fault:}") String fault) {
    this.id = id;
    this.fault = fault;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Role role() {
    return Role.EDGE_GATEWAY;
  }

  @Override
  public int grpcPort() {
    return 19_091;
  }

  @Override
  public Map<String, String> meta() {
    return Map.of("mqtt-port", "1883");
  }

  @Override
  public Map<String, Object> figures() {
    return Map.of("connections", 12);
  }

  @Override
  public @Nullable String fault() {
    return fault.isEmpty() ? null : fault;
  }
}
