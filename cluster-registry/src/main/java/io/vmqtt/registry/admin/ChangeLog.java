package io.vmqtt.registry.admin;

import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.web.router.RouteAttributes;
import io.vmqtt.cluster.operators.OperatorRole;

/**
 * Writes down who has changed something, or had a dump, or tried to: a line each. It comes before
 * whoever refuses, so that it sees that, too.
 */
@ServerFilter("/api/v1/**")
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ChangeLog {
  private final OperatorAudit audit;

  ChangeLog(OperatorAudit audit) {
    this.audit = audit;
  }

  @ResponseFilter
  void note(HttpRequest<?> request, HttpResponse<?> response) {
    if (isNoteworthy(request)) {
      audit.did(
          Asking.nameOf(request),
          request.getRemoteAddress().getAddress().getHostAddress(),
          request.getMethodName(),
          request.getUri().toString().replaceAll("[\\p{Cntrl}\"]", "?"),
          response.code());
    }
  }

  /** A dump changes nothing, and says everything. */
  private static boolean isNoteworthy(HttpRequest<?> request) {
    return request.getMethod() != HttpMethod.GET
        || (RouteAttributes.getRouteMatch(request).isPresent()
            && OperatorFilter.required(request) == OperatorRole.ADMIN);
  }
}
