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
  private static final int FIRST_REFUSAL = 400;

  private final OperatorAudit audit;

  ChangeLog(OperatorAudit audit) {
    this.audit = audit;
  }

  @ResponseFilter
  void note(HttpRequest<?> request, HttpResponse<?> response) {
    if (isNoteworthy(request) && !isReadingThis(request, response)) {
      audit.did(
          Asking.nameOf(request),
          request.getRemoteAddress().getAddress().getHostAddress(),
          request.getMethodName(),
          request.getUri().toString().replaceAll("[\\p{Cntrl}\"]", "?"),
          response.code());
    }
  }

  /** Who looks at it again and again would fill it with that. */
  private static boolean isReadingThis(HttpRequest<?> request, HttpResponse<?> response) {
    return request.getPath().equals(AuditController.PATH) && response.code() < FIRST_REFUSAL;
  }

  /** A dump changes nothing, and says everything. */
  private static boolean isNoteworthy(HttpRequest<?> request) {
    return request.getMethod() != HttpMethod.GET
        || (RouteAttributes.getRouteMatch(request).isPresent()
            && OperatorFilter.required(request) == OperatorRole.ADMIN);
  }
}
