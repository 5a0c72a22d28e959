package io.vmqtt.registry.admin;

import io.micronaut.core.annotation.AnnotationMetadata;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.web.router.RouteAttributes;
import io.vmqtt.cluster.operators.Operator;
import io.vmqtt.cluster.operators.OperatorRole;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets nobody ask who is no operator, and none ask what his role does not allow. */
@ServerFilter("/api/v1/**")
final class OperatorFilter {
  /** What anybody may ask. */
  private static final Set<String> OPEN = Set.of("/api/v1/login", ApiDocumentController.PATH);

  private final Gatekeeper gatekeeper;

  OperatorFilter(Gatekeeper gatekeeper) {
    this.gatekeeper = gatekeeper;
  }

  @RequestFilter
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Nullable HttpResponse<Problem.Details> check(HttpRequest<?> request) {
    if (isOpen(request.getPath())) {
      return null;
    }
    try {
      Operator operator = gatekeeper.know(request.getHeaders().get("Authorization"));
      Asking.by(request, operator);
      OperatorRole required = required(request);
      if (!required.isWithin(operator.role())) {
        throw Problem.forbidden(
            "that takes the role "
                + required.label()
                + "; "
                + operator.name()
                + " has "
                + operator.role().label());
      }
      return null;
    } catch (Problem problem) {
      return ProblemHandler.response(problem);
    }
  }

  /** Who may ask that, at least. */
  static OperatorRole required(HttpRequest<?> request) {
    return RouteAttributes.getRouteMatch(request)
        .map(AnnotationMetadata.class::cast)
        .map(OperatorFilter::required)
        .orElse(OperatorRole.ADMIN);
  }

  /** The same of a route. */
  static OperatorRole required(AnnotationMetadata route) {
    return route.enumValue(RequiresRole.class, OperatorRole.class).orElse(OperatorRole.ADMIN);
  }

  /** Whether anybody may ask that. */
  static boolean isOpen(String path) {
    return OPEN.contains(path);
  }
}
