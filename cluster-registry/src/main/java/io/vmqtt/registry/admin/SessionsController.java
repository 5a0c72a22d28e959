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
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.operation.ClientName;
import io.vmqtt.cluster.operation.Disconnection;
import io.vmqtt.cluster.operation.GatewayOperations;
import io.vmqtt.cluster.operation.QueueCleared;
import io.vmqtt.cluster.operation.QueueClearing;
import io.vmqtt.cluster.operation.QueuePage;
import io.vmqtt.cluster.operation.QueueQuery;
import io.vmqtt.cluster.operation.SessionEnd;
import io.vmqtt.cluster.operation.SessionInfo;
import io.vmqtt.cluster.operation.SessionPage;
import io.vmqtt.cluster.operation.SessionQuery;
import io.vmqtt.cluster.operation.SessionView;
import io.vmqtt.cluster.operation.StoreOperations;
import io.vmqtt.cluster.operation.WillInfo;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/sessions}: what is kept of clients, connected or not. */
@Controller("/api/v1/sessions")
@ExecuteOn(TaskExecutors.BLOCKING)
final class SessionsController {
  private final SessionStores stores;
  private final KnownNodes known;
  private final Nodes nodes;

  SessionsController(SessionStores stores, KnownNodes known, Nodes nodes) {
    this.stores = stores;
    this.known = known;
    this.nodes = nodes;
  }

  /**
   * Lists sessions in the order of namespace and client id, a page at a time.
   *
   * @param id client id; {@code *} in it stands for any characters
   * @param namespace empty: the nameless one
   * @param attached whether a connection has it now
   * @param persistent whether it outlives its connection; yes if left out
   * @param minQueued so many messages in its queue, or more
   * @param limit at most so many, of 1 to 10,000
   * @param cursor where the page before ended
   */
  @Get
  @RequiresRole(OperatorRole.VIEWER)
  Page<SessionInfo> list(
      HttpRequest<?> request,
      @Nullable @QueryValue String id,
      @Nullable @QueryValue String namespace,
      @Nullable @QueryValue String attached,
      @Nullable @QueryValue String persistent,
      @Nullable @QueryValue Integer minQueued,
      @QueryValue(defaultValue = "100") int limit,
      @Nullable @QueryValue String cursor)
      throws InterruptedException {
    Namespace within = Asking.within(request, namespace);
    SessionQuery.SessionFilter filter =
        new SessionQuery.SessionFilter(
            within == null ? null : within.name(),
            id,
            Asking.flag("attached", attached, null),
            Asking.flag("persistent", persistent, true),
            minQueued);
    SessionQuery query =
        Problem.inBadRequest("limit", () -> new SessionQuery(filter, Cursor.client(cursor), limit));
    Map<Node, Said<SessionPage>> said = stores.all(StoreOperations.SESSIONS, query);
    List<Page.Part<SessionInfo, ClientName>> parts = new ArrayList<>();
    List<Integer> answered = new ArrayList<>();
    for (Said<SessionPage> one : said.values()) {
      if (one instanceof Said.Answer<SessionPage>(SessionPage page)) {
        parts.add(Page.Part.of(page.sessions(), page.more(), SessionInfo::name));
        answered.addAll(page.shards());
      }
    }
    return Page.merged(
        parts, Cursor.byClient(SessionInfo::name), limit, stores.missing(said, answered));
  }

  /**
   * One session.
   *
   * @param subscriptions of one that outlives its connection
   * @param will what is published if its connection ends badly, or in a while; null: nothing is
   */
  @JsonInclude
  record Details(
      SessionInfo session,
      ClientLocation location,
      List<SessionView.SubscriptionInfo> subscriptions,
      @Nullable WillInfo will) {}

  /** Tells what there is of one session: its place and its subscriptions. */
  @Get("/{id}")
  @RequiresRole(OperatorRole.VIEWER)
  @MayRefuse(404)
  Details one(
      HttpRequest<?> request, @PathVariable String id, @Nullable @QueryValue String namespace)
      throws InterruptedException {
    ClientName client = client(request, id, namespace);
    SessionStores.Found found = stores.find(client);
    SessionInfo session = found.view().session();
    if (session == null) {
      throw none(client);
    }
    return new Details(
        session,
        stores.location(session, found.leader()),
        found.view().subscriptions(),
        found.view().will());
  }

  private static ClientName client(HttpRequest<?> request, String id, @Nullable String namespace) {
    return new ClientName(Asking.one(request, namespace).name(), id);
  }

  private static Problem none(ClientName client) {
    return Problem.notFound("client '" + client.clientId() + "' has no session");
  }

  /**
   * Looks at the messages that wait, the oldest first. They stay where they are.
   *
   * @param from a sequence; the page before has named it as {@code next}
   * @param limit at most so many, of 1 to 1,000
   * @param payloads whether what they say is wanted
   */
  @Get("/{id}/messages")
  @RequiresRole(OperatorRole.OPERATOR)
  @MayRefuse(404)
  QueuePage messages(
      HttpRequest<?> request,
      @PathVariable String id,
      @Nullable @QueryValue String namespace,
      @QueryValue(defaultValue = "0") long from,
      @QueryValue(defaultValue = "100") int limit,
      @Nullable @QueryValue String payloads)
      throws InterruptedException {
    ClientName client = client(request, id, namespace);
    boolean withPayloads = !Boolean.FALSE.equals(Asking.flag("payloads", payloads, true));
    QueueQuery query =
        Problem.inBadRequest("limit", () -> new QueueQuery(client, from, limit, withPayloads));
    QueuePage page = stores.ofLeader(client, StoreOperations.QUEUE, query, QueuePage::leads);
    if (!page.exists()) {
      throw none(client);
    }
    return page;
  }

  /**
   * What became of a queue.
   *
   * @param cleared how many messages are gone
   */
  @JsonInclude
  record Cleared(String clientId, String namespace, long cleared) {}

  /**
   * Gives up the messages that wait, but for those whose delivery has begun, and those that come
   * meanwhile.
   *
   * <p>The session stays, with its subscriptions. Of a client that is connected, or whose
   * connection was lost, as many as it may have in flight and 512 more may have begun. Messages
   * that came by way of a share group are given up, too; where the session is ended instead, other
   * members get them.
   */
  @Delete("/{id}/messages")
  @RequiresRole(OperatorRole.OPERATOR)
  @MayRefuse({404, 409})
  Cleared clear(
      HttpRequest<?> request, @PathVariable String id, @Nullable @QueryValue String namespace)
      throws InterruptedException {
    ClientName client = client(request, id, namespace);
    long sum = 0;
    QueueClearing next = QueueClearing.of(client);
    QueueCleared cleared;
    do {
      cleared = stores.ofLeader(client, StoreOperations.CLEAR_QUEUE, next, QueueCleared::leads);
      if (!cleared.exists() && sum == 0) {
        throw none(client);
      }
      sum += cleared.cleared();
      next = new QueueClearing(client, cleared.session(), cleared.through());
    } while (cleared.cleared() > 0);
    return new Cleared(id, client.namespace(), sum);
  }

  /**
   * What became of a session.
   *
   * @param queued how many messages it had in its queue, which are gone with it
   */
  @JsonInclude
  record Ended(String clientId, String namespace, boolean wasAttached, int queued) {}

  /** Ends a session, with its queue and its subscriptions; who is connected is disconnected. */
  @Delete("/{id}")
  @RequiresRole(OperatorRole.OPERATOR)
  @MayRefuse({404, 409})
  Ended end(HttpRequest<?> request, @PathVariable String id, @Nullable @QueryValue String namespace)
      throws InterruptedException {
    ClientName client = client(request, id, namespace);
    SessionInfo session = stores.find(client).view().session();
    if (session == null) {
      throw none(client);
    }
    if (session.attached()) {
      nodes.ask(
          known.of(Role.EDGE_GATEWAY),
          GatewayOperations.DISCONNECT,
          new Disconnection(client, ReasonCode.ADMINISTRATIVE_ACTION.value()));
    }
    Node gateway = known.any(Role.EDGE_GATEWAY);
    Said<SessionEnd> said =
        nodes
            .ask(List.of(gateway), GatewayOperations.END_SESSION, client)
            .getOrDefault(gateway, new Said.Nothing<>("nobody was asked"));
    return switch (said) {
      case Said.Nothing<SessionEnd>(String why) ->
          throw Problem.unavailable(gateway.id() + ": " + why);
      case Said.Refused<SessionEnd>(String why) -> throw Problem.conflict(why);
      case Said.Answer<SessionEnd>(SessionEnd end) when end.reason() != 0 ->
          throw Problem.unavailable(
              "the session was not ended: reason code 0x%02X".formatted(end.reason()));
      case Said.Answer<SessionEnd> _ ->
          new Ended(id, client.namespace(), session.attached(), session.queued());
    };
  }
}
