package io.vmqtt.registry.admin;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.operation.ClientName;
import io.vmqtt.cluster.operation.ExplainQuery;
import io.vmqtt.cluster.operation.GatewayOperations;
import io.vmqtt.cluster.operation.GatewayProspect;
import io.vmqtt.cluster.operation.MatchingRoutes;
import io.vmqtt.cluster.operation.RouterOperations;
import io.vmqtt.cluster.operation.SessionInfo;
import io.vmqtt.cluster.operation.SessionProspect;
import io.vmqtt.cluster.operation.StoreOperations;
import io.vmqtt.cluster.operation.TopicQuery;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.TopicName;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/explain}: why a message would, or would not, reach a client. */
@Controller("/api/v1/explain")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ExplainController {
  private static final Missing NO_GATEWAY =
      new Missing("no gateway", Role.EDGE_GATEWAY.serviceName(), "none is healthy");

  private final KnownNodes known;
  private final Nodes nodes;
  private final SessionStores stores;

  ExplainController(KnownNodes known, Nodes nodes, SessionStores stores) {
    this.known = known;
    this.nodes = nodes;
    this.stores = stores;
  }

  /**
   * Tells whether a message would reach a client, and why; publishes none.
   *
   * @param topic a topic name
   * @param to the client id of who should get it
   * @param from the client id of who would publish it; an operator if left out
   * @param qos 0 to 2; 1 if left out
   * @param retain whether it is to be retained; no if left out
   * @param namespace empty, or left out: the nameless one
   */
  @Get
  @RequiresRole(OperatorRole.VIEWER)
  Explanation explain(
      HttpRequest<?> request,
      @Nullable @QueryValue String topic,
      @Nullable @QueryValue String to,
      @Nullable @QueryValue String from,
      @QueryValue(defaultValue = "1") int qos,
      @Nullable @QueryValue String retain,
      @Nullable @QueryValue String namespace)
      throws InterruptedException {
    Namespace within = Asking.one(request, namespace);
    if (topic == null || !TopicName.isValid(topic)) {
      throw Problem.badRequest("topic: '" + topic + "' is no topic name");
    }
    if (to == null || to.isEmpty()) {
      throw Problem.badRequest("to: a client id is needed");
    }
    Problem.inBadRequest("qos", () -> Qos.of(qos));
    boolean retained = Boolean.TRUE.equals(Asking.flag("retain", retain, false));
    ExplainQuery receiving =
        new ExplainQuery(new ClientName(within.name(), to), topic, qos, retained);
    return PathWalk.of(find(within, receiving, from));
  }

  /**
   * Asks all at once, and all routers, though a gateway says which of them it is: one after the
   * other, silent nodes would take longer than anybody waits.
   */
  private Findings find(Namespace within, ExplainQuery receiving, @Nullable String from)
      throws InterruptedException {
    TopicQuery topic = new TopicQuery(within.name(), receiving.topic());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Map<Node, Said<GatewayProspect>>> receivers =
          threads.submit(() -> askGateways(receiving));
      Future<Map<Node, Said<GatewayProspect>>> publishers =
          threads.submit(() -> from == null ? Map.of() : askGateways(publishing(from, receiving)));
      Future<Map<Node, Said<MatchingRoutes>>> routes =
          threads.submit(
              () -> nodes.ask(known.ifAny(Role.ROUTING_SERVICE), RouterOperations.MATCH, topic));
      Map.@Nullable Entry<Node, SessionProspect> leader =
          stores.answerOfLeaderIfAny(
              receiving.client(), StoreOperations.EXPLAIN, receiving, SessionProspect::leads);
      return found(
          within, receiving, from, answer(receivers), answer(publishers), answer(routes), leader);
    }
  }

  private static <T> T answer(Future<T> asked) throws InterruptedException {
    try {
      return asked.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Problem problem
          ? problem
          : new IllegalStateException(e.getCause());
    }
  }

  private static ExplainQuery publishing(String from, ExplainQuery receiving) {
    return new ExplainQuery(
        new ClientName(receiving.client().namespace(), from),
        receiving.topic(),
        receiving.qos(),
        receiving.retain());
  }

  private Findings found(
      Namespace within,
      ExplainQuery receiving,
      @Nullable String from,
      Map<Node, Said<GatewayProspect>> receivers,
      Map<Node, Said<GatewayProspect>> publishers,
      Map<Node, Said<MatchingRoutes>> routes,
      Map.@Nullable Entry<Node, SessionProspect> leader) {
    Findings.Connected publisher = connected(publishers);
    String router = router(receivers, publisher == null ? null : publisher.gateway());
    return new Findings(
        receiving.topic(),
        within.name(),
        from,
        receiving.client().clientId(),
        receiving.qos(),
        receiving.retain(),
        known.quotas(within),
        publisher,
        router,
        router == null ? null : routes(routes, router),
        stores.shardOf(receiving.client()),
        leader == null ? null : leader.getKey().id(),
        leader == null ? null : leader.getValue(),
        connected(receivers),
        leader == null ? null : gateway(leader),
        receivers.isEmpty() ? List.of(NO_GATEWAY) : Missing.of(receivers));
  }

  /** The id of the gateway that has, or had, the session. */
  private @Nullable String gateway(Map.Entry<Node, SessionProspect> leader) {
    SessionInfo session = leader.getValue().session();
    return session == null ? null : stores.location(session, leader.getKey()).gateway();
  }

  private Map<Node, Said<GatewayProspect>> askGateways(ExplainQuery query)
      throws InterruptedException {
    return nodes.ask(known.gatewaysIfAny(), GatewayOperations.EXPLAIN, query);
  }

  /** The latest connection that any of them has. */
  private static Findings.@Nullable Connected connected(Map<Node, Said<GatewayProspect>> said) {
    return said.entrySet().stream()
        .flatMap(
            one ->
                one.getValue() instanceof Said.Answer<GatewayProspect>(GatewayProspect prospect)
                    ? prospect.connections().stream()
                        .map(client -> new Findings.Connected(one.getKey().id(), client))
                    : Stream.<Findings.Connected>empty())
        .max(Comparator.comparing(one -> one.prospect().connectedAt()))
        .orElse(null);
  }

  /** The router that a gateway would give it to, or any where nobody is named. */
  private static @Nullable String router(
      Map<Node, Said<GatewayProspect>> said, @Nullable String gateway) {
    return said.entrySet().stream()
        .sorted(
            Comparator.comparing(
                (Map.Entry<Node, Said<GatewayProspect>> one) -> !one.getKey().id().equals(gateway)))
        .flatMap(
            one ->
                one.getValue() instanceof Said.Answer<GatewayProspect>(GatewayProspect prospect)
                    ? Stream.ofNullable(prospect.router())
                    : Stream.<String>empty())
        .findFirst()
        .orElse(null);
  }

  private static @Nullable MatchingRoutes routes(
      Map<Node, Said<MatchingRoutes>> said, String router) {
    return said.entrySet().stream()
        .filter(one -> one.getKey().id().equals(router))
        .flatMap(
            one ->
                one.getValue() instanceof Said.Answer<MatchingRoutes>(MatchingRoutes routes)
                    ? Stream.of(routes)
                    : Stream.<MatchingRoutes>empty())
        .findFirst()
        .orElse(null);
  }
}
