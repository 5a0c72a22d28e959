package io.vmqtt.registry.admin;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.operation.RouteInfo;
import io.vmqtt.cluster.operation.RouteName;
import io.vmqtt.cluster.operation.RoutePage;
import io.vmqtt.cluster.operation.RouteQuery;
import io.vmqtt.cluster.operation.RouterOperations;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.model.Namespace;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/routes}: who wants which topics, as a router has it. All have the same. */
@Controller("/api/v1/routes")
@ExecuteOn(TaskExecutors.BLOCKING)
final class RoutesController {
  private static final Page.Reading<RouteInfo, RouteName> BY_NAME =
      new Page.Reading<>(
          RouteInfo::name,
          Comparator.naturalOrder(),
          name -> Cursor.of(name.namespace(), name.filter(), name.group()));

  private final KnownNodes known;
  private final Nodes nodes;

  RoutesController(KnownNodes known, Nodes nodes) {
    this.known = known;
    this.nodes = nodes;
  }

  /**
   * Lists routes in the order of namespace, filter and share group, a page at a time.
   *
   * @param filter of them; {@code *} in it stands for any characters
   * @param namespace empty: the nameless one
   * @param origin the id of a gateway, or the number of a shard: its part alone
   * @param router the id of the one that is asked; any that is ready if left out
   * @param limit at most so many, of 1 to 10,000
   * @param cursor where the page before ended
   */
  @Get
  @RequiresRole(OperatorRole.VIEWER)
  @MayRefuse(409)
  Page<RouteInfo> list(
      HttpRequest<?> request,
      @Nullable @QueryValue String filter,
      @Nullable @QueryValue String namespace,
      @Nullable @QueryValue String origin,
      @Nullable @QueryValue String router,
      @QueryValue(defaultValue = "100") int limit,
      @Nullable @QueryValue String cursor)
      throws InterruptedException {
    Namespace within = Asking.within(request, namespace);
    RouteQuery query =
        Problem.inBadRequest(
            "limit",
            () ->
                new RouteQuery(
                    within == null ? null : within.name(), filter, origin, after(cursor), limit));
    Node asked = router == null ? known.any(Role.ROUTING_SERVICE) : named(router);
    Map<Node, Said<RoutePage>> said = nodes.ask(List.of(asked), RouterOperations.ROUTES, query);
    return switch (said.getOrDefault(asked, new Said.Nothing<>("nobody was asked"))) {
      case Said.Nothing<RoutePage>(String why) ->
          throw Problem.unavailable(asked.id() + ": " + why);
      case Said.Refused<RoutePage>(String why) -> throw Problem.conflict(asked.id() + ": " + why);
      case Said.Answer<RoutePage>(RoutePage page) ->
          Page.merged(
              List.of(Page.Part.of(page.routes(), page.more(), RouteInfo::name)),
              BY_NAME,
              limit,
              List.of());
    };
  }

  private static @Nullable RouteName after(@Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    List<String> names = Cursor.read(cursor, 3);
    return new RouteName(names.get(0), names.get(1), names.get(2));
  }

  private Node named(String id) {
    return known.of(Role.ROUTING_SERVICE).stream()
        .filter(node -> node.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> Problem.badRequest("router: none that is healthy has the id '" + id + "'"));
  }
}
