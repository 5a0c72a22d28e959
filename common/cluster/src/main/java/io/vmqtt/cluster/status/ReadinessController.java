package io.vmqtt.cluster.status;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.management.endpoint.health.HealthEndpoint;
import java.util.Map;

/**
 * {@code GET /health/readiness}: 200 while this process serves what its role is for, else 503.
 *
 * <p>{@code /health} does not count this: Consul lists those who are healthy, and a process must be
 * found by the others before they can make it ready. In place of Micronaut's own readiness, which
 * is always a part of {@code /health}.
 */
@Controller("/" + HealthEndpoint.NAME)
@Requires(beans = NodeStatus.class)
final class ReadinessController {
  private final NodeStatus status;

  ReadinessController(NodeStatus status) {
    this.status = status;
  }

  @Get("/readiness")
  HttpResponse<Map<String, String>> readiness() {
    return status.isReady()
        ? HttpResponse.ok(Map.of("status", "UP"))
        : HttpResponse.status(HttpStatus.SERVICE_UNAVAILABLE).body(Map.of("status", "DOWN"));
  }
}
