package io.vmqtt.cluster.status;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.management.endpoint.health.HealthEndpoint;
import io.vmqtt.cluster.discovery.ServiceEntry;
import io.vmqtt.cluster.node.LocalNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /health?node=ID} answers 410 in any other process than that one. A process that was
 * killed is still registered when the next one serves from the same address: whoever asks for the
 * old one must not take the new one's word.
 */
@ServerFilter("/" + HealthEndpoint.NAME)
@Requires(beans = LocalNode.class)
final class FormerNodeFilter {
  private final LocalNode local;

  FormerNodeFilter(LocalNode local) {
    this.local = local;
  }

  @RequestFilter
  @Nullable HttpResponse<Map<String, String>> refuse(HttpRequest<?> request) {
    String asked = request.getParameters().get(ServiceEntry.NODE_PARAMETER);
    return asked == null || asked.equals(local.id())
        ? null
        : HttpResponse.<Map<String, String>>status(HttpStatus.GONE)
            .body(Map.of("status", "DOWN", "node", local.id()));
  }
}
