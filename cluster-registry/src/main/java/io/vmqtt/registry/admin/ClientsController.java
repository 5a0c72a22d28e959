package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.vmqtt.cluster.bans.Network;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.operation.ClientFilter;
import io.vmqtt.cluster.operation.ClientInfo;
import io.vmqtt.cluster.operation.ClientName;
import io.vmqtt.cluster.operation.ClientPage;
import io.vmqtt.cluster.operation.ClientQuery;
import io.vmqtt.cluster.operation.ClientTraffic;
import io.vmqtt.cluster.operation.Disconnection;
import io.vmqtt.cluster.operation.GatewayOperations;
import io.vmqtt.cluster.operation.SessionInfo;
import io.vmqtt.cluster.operation.TrafficQuery;
import io.vmqtt.cluster.operation.WillInfo;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/clients}: who is connected. */
@Controller("/api/v1/clients")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ClientsController {
  /** Errors that a server may name [MQTT-3.14.2.1]. */
  private static final Set<Integer> DISCONNECT_REASONS =
      Set.of(
          0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96,
          0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2);

  private static final Set<String> PROTOCOLS = Set.of("3.1", "3.1.1", "5");

  private static final String SHARD = "shard ";
  private static final String STORE = Role.SESSION_STORE.serviceName();

  /** A count lasts for seconds, and takes one of the turns in which nodes are asked. */
  private static final int MOST_COUNTS = 4;

  private final KnownNodes known;
  private final Nodes nodes;
  private final SessionStores stores;
  private final Semaphore counts = new Semaphore(MOST_COUNTS);

  ClientsController(KnownNodes known, Nodes nodes, SessionStores stores) {
    this.known = known;
    this.nodes = nodes;
    this.stores = stores;
  }

  /**
   * Lists connected clients in the order of namespace and client id, a page at a time.
   *
   * @param id client id; {@code *} in it stands for any characters
   * @param user user name, the same
   * @param address an address, or a network such as {@code 10.0.0.0/8}
   * @param gateway the id of a gateway
   * @param namespace empty: the nameless one
   * @param protocol 3.1, 3.1.1 or 5
   * @param connectedSince ISO-8601; those accepted then or later
   * @param persistent whether the session outlives the connection
   * @param limit at most so many, of 1 to 10,000
   * @param cursor where the page before ended
   */
  @Get
  @RequiresRole(OperatorRole.VIEWER)
  Page<ClientInfo> list(
      HttpRequest<?> request,
      @Nullable @QueryValue String id,
      @Nullable @QueryValue String user,
      @Nullable @QueryValue String address,
      @Nullable @QueryValue String gateway,
      @Nullable @QueryValue String namespace,
      @Nullable @QueryValue String protocol,
      @Nullable @QueryValue String connectedSince,
      @Nullable @QueryValue String persistent,
      @QueryValue(defaultValue = "100") int limit,
      @Nullable @QueryValue String cursor)
      throws InterruptedException {
    Namespace within = Asking.within(request, namespace);
    ClientFilter filter =
        new ClientFilter(
            within == null ? null : within.name(),
            id,
            user,
            network(address),
            protocol(protocol),
            millis(connectedSince),
            Asking.flag("persistent", persistent, null));
    return page(gateways(gateway), filter, cursor, limit);
  }

  private Page<ClientInfo> page(
      List<Node> gateways, ClientFilter filter, @Nullable String cursor, int limit)
      throws InterruptedException {
    ClientQuery query =
        Problem.inBadRequest("limit", () -> new ClientQuery(filter, Cursor.client(cursor), limit));
    Map<Node, Said<ClientPage>> said = nodes.ask(gateways, GatewayOperations.CLIENTS, query);
    List<Page.Part<ClientInfo, ClientName>> parts = new ArrayList<>();
    for (Said<ClientPage> one : said.values()) {
      if (one instanceof Said.Answer<ClientPage>(ClientPage page)) {
        parts.add(Page.Part.of(page.clients(), page.more(), ClientInfo::name));
      }
    }
    return Page.merged(parts, Cursor.byClient(ClientInfo::name), limit, Missing.of(said));
  }

  private List<Node> gateways(@Nullable String id) {
    List<Node> all = known.of(Role.EDGE_GATEWAY);
    if (id == null) {
      return all;
    }
    List<Node> named = all.stream().filter(node -> node.id().equals(id)).toList();
    if (named.isEmpty()) {
      throw Problem.badRequest("gateway: none that is healthy has the id '" + id + "'");
    }
    return named;
  }

  private static @Nullable String network(@Nullable String text) {
    try {
      return text == null ? null : Network.of(text).toString();
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("address: " + e.getMessage());
    }
  }

  private static @Nullable String protocol(@Nullable String text) {
    if (text != null && !PROTOCOLS.contains(text)) {
      throw Problem.badRequest("protocol: '" + text + "' is none of 3.1, 3.1.1 and 5");
    }
    return text;
  }

  private static @Nullable Long millis(@Nullable String text) {
    try {
      return text == null ? null : (Long) Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw Problem.badRequest(
          "connectedSince: '" + text + "' is no time such as 2026-11-26T15:00:00Z");
    }
  }

  /**
   * Tells of one client, as its gateway knows it, and of its will.
   *
   * @param seconds how long to count what passes, of 1 to 5; 0: nothing is counted
   */
  @Get("/{id}")
  @RequiresRole(OperatorRole.VIEWER)
  @MayRefuse(404)
  ClientDetails one(
      HttpRequest<?> request,
      @PathVariable String id,
      @Nullable @QueryValue String namespace,
      @QueryValue(defaultValue = "0") int seconds)
      throws InterruptedException {
    ClientName name = name(request, id, namespace);
    TrafficQuery counting =
        seconds == 0
            ? null
            : Problem.inBadRequest("seconds", () -> new TrafficQuery(name, seconds));
    ClientInfo client = find(name);
    List<Missing> missing = new ArrayList<>();
    ClientDetails.Rates rates = counting == null ? null : rates(client, counting, missing);
    WillInfo will = null;
    try {
      will = stores.find(name).view().will();
    } catch (Problem problem) {
      missing.add(
          new Missing(SHARD + stores.shardOf(name), STORE, String.valueOf(problem.getMessage())));
    }
    return ClientDetails.of(client, will, rates, missing);
  }

  private ClientDetails.@Nullable Rates rates(
      ClientInfo client, TrafficQuery counting, List<Missing> missing) throws InterruptedException {
    if (!counts.tryAcquire()) {
      missing.add(
          new Missing(
              client.gateway(),
              Role.EDGE_GATEWAY.serviceName(),
              MOST_COUNTS + " clients are being counted by this registry already"));
      return null;
    }
    try {
      return counted(client, counting, missing);
    } finally {
      counts.release();
    }
  }

  private ClientDetails.@Nullable Rates counted(
      ClientInfo client, TrafficQuery counting, List<Missing> missing) throws InterruptedException {
    List<Node> gateway =
        known.of(Role.EDGE_GATEWAY).stream()
            .filter(node -> node.id().equals(client.gateway()))
            .toList();
    Map<Node, Said<ClientTraffic>> said = nodes.ask(gateway, GatewayOperations.TRAFFIC, counting);
    missing.addAll(Missing.of(said));
    return said.values().stream()
        .filter(Said.Answer.class::isInstance)
        .map(one -> ClientDetails.Rates.of(((Said.Answer<ClientTraffic>) one).content()))
        .findFirst()
        .orElse(null);
  }

  private static ClientName name(HttpRequest<?> request, String id, @Nullable String namespace) {
    return new ClientName(Asking.one(request, namespace).name(), id);
  }

  private ClientInfo find(ClientName name) throws InterruptedException {
    Map<Node, Said<ClientPage>> said =
        nodes.ask(known.of(Role.EDGE_GATEWAY), GatewayOperations.CLIENT, name);
    return said.values().stream()
        .filter(Said.Answer.class::isInstance)
        .flatMap(one -> ((Said.Answer<ClientPage>) one).content().clients().stream())
        .max(Comparator.comparing(ClientInfo::connectedAt)) // two while one takes over
        .orElseThrow(() -> notConnected(name, Missing.of(said)));
  }

  private static Problem notConnected(ClientName name, List<Missing> missing) {
    return missing.isEmpty()
        ? Problem.notFound("client '" + name.clientId() + "' is not connected")
        : Problem.unavailable(
            "client '"
                + name.clientId()
                + "' is not connected to any gateway that answers; "
                + missing.getFirst().node()
                + " does not: "
                + missing.getFirst().why());
  }

  /** Tells where a client and its session are, whether it is connected or not. */
  @Get("/{id}/location")
  @RequiresRole(OperatorRole.VIEWER)
  @MayRefuse(404)
  ClientLocation location(
      HttpRequest<?> request, @PathVariable String id, @Nullable @QueryValue String namespace)
      throws InterruptedException {
    ClientName client = name(request, id, namespace);
    SessionStores.Found found = stores.find(client);
    SessionInfo session = found.view().session();
    if (session == null) {
      throw Problem.notFound("client '" + id + "' has no session, so it is nowhere");
    }
    return stores.location(session, found.leader());
  }

  /**
   * What became of it.
   *
   * @param gateways those that the client was connected to
   */
  @JsonInclude
  record Disconnected(String clientId, String namespace, List<String> gateways) {}

  /**
   * Disconnects a client. It may come back: to keep it out, ban it.
   *
   * @param reason the reason code of DISCONNECT, 0x80 and above; administrative action if left out
   */
  @Delete("/{id}")
  @RequiresRole(OperatorRole.OPERATOR)
  @MayRefuse(404)
  Disconnected disconnect(
      HttpRequest<?> request,
      @PathVariable String id,
      @Nullable @QueryValue String namespace,
      @Nullable @QueryValue Integer reason)
      throws InterruptedException {
    ClientName name = name(request, id, namespace);
    int code = reason == null ? ReasonCode.ADMINISTRATIVE_ACTION.value() : reason(reason);
    Map<Node, Said<Disconnection.Done>> said =
        nodes.ask(
            known.of(Role.EDGE_GATEWAY),
            GatewayOperations.DISCONNECT,
            new Disconnection(name, code));
    List<String> found = new ArrayList<>();
    said.forEach(
        (node, one) -> {
          if (one instanceof Said.Answer<Disconnection.Done>(Disconnection.Done done)
              && done.found()) {
            found.add(node.id());
          }
        });
    if (found.isEmpty()) {
      throw notConnected(name, Missing.of(said));
    }
    return new Disconnected(id, name.namespace(), found);
  }

  private static int reason(int code) {
    if (!DISCONNECT_REASONS.contains(code)) {
      throw Problem.badRequest(
          "reason: " + code + " is no error that a server's DISCONNECT can carry, such as 152");
    }
    return code;
  }
}
