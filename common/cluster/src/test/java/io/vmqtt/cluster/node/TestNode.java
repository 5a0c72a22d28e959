package io.vmqtt.cluster.node;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.status.NodeStatus;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A gateway, as far as its rim is concerned. */
@Singleton
@Requires(property = "test.node-id")
final class TestNode implements LocalNode, NodeStatus {
  private final String id;
  private final String fault;

  /** How often it still says that it is ready. */
  private final AtomicInteger readyTimes;

  TestNode(
      @Value("${test.node-id}") String id,
      @Value("${test.fault:}") String fault,
      @Value("${test.ready-times:1000000}") int readyTimes) {
    this.id = id;
    this.fault = fault;
    this.readyTimes = new AtomicInteger(readyTimes);
  }

  @Override
  public boolean isReady() {
    return readyTimes.getAndDecrement() > 0;
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
