package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.vmqtt.cluster.bans.Network;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.operation.GatewayOperations;
import io.vmqtt.cluster.operation.TraceEvents;
import io.vmqtt.cluster.operation.TraceList;
import io.vmqtt.cluster.operation.TraceName;
import io.vmqtt.cluster.operation.TraceQuery;
import io.vmqtt.cluster.operation.TraceSpec;
import io.vmqtt.cluster.operation.TraceStart;
import io.vmqtt.cluster.operators.Operator;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.model.InvalidTopicFilterException;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.TopicFilter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/traces}: what passes between clients and gateways, written down for a time. The
 * gateways have the traces; every registry can be asked for each.
 */
@Controller("/api/v1/traces")
@ExecuteOn(TaskExecutors.BLOCKING)
final class TracesController {
  private static final int STANDARD_SECONDS = 60;

  private final KnownNodes known;
  private final Nodes nodes;
  private final InstantSource clock = InstantSource.system();

  TracesController(KnownNodes known, Nodes nodes) {
    this.known = known;
    this.nodes = nodes;
  }

  /**
   * What is to be written down. Of client, filter and address, one is needed.
   *
   * @param client a client id; {@code *} in it stands for any characters
   * @param filter of topics
   * @param address an address, or a network
   * @param namespace empty: the nameless one; any if left out
   * @param seconds for how long, of 1 to 3,600; 60 if left out
   */
  record Wanted(
      @Nullable String client,
      @Nullable String filter,
      @Nullable String address,
      @Nullable String namespace,
      @Nullable Integer seconds) {}

  /**
   * One trace.
   *
   * @param until ISO-8601, UTC: when it ends
   * @param over whether nothing more is written down
   * @param events how many there were until now
   * @param gateways the ids of those that have it
   */
  @JsonInclude
  record Told(
      String id,
      @Nullable String client,
      @Nullable String filter,
      @Nullable String address,
      @Nullable String namespace,
      String until,
      boolean over,
      long events,
      List<String> gateways,
      List<Missing> missing) {
    static Told of(TraceSpec spec, boolean over, long events, List<String> gateways) {
      return new Told(
          spec.id(),
          spec.client(),
          spec.filter(),
          spec.address(),
          spec.namespace(),
          Instant.ofEpochMilli(spec.untilMillis()).toString(),
          over,
          events,
          gateways,
          List.of());
    }

    Told without(List<Missing> silent) {
      return new Told(
          id, client, filter, address, namespace, until, over, events, gateways, silent);
    }
  }

  /** Begins a trace at every gateway that is there. */
  @Post
  @RequiresRole(OperatorRole.OPERATOR)
  Told start(HttpRequest<?> request, @Body Wanted wanted) throws InterruptedException {
    TraceSpec spec = spec(wanted, Asking.within(request, wanted.namespace()));
    Map<Node, Said<TraceStart>> said =
        nodes.ask(known.of(Role.EDGE_GATEWAY), GatewayOperations.START_TRACE, spec);
    List<Missing> missing = new ArrayList<>(Missing.of(said));
    List<String> started = new ArrayList<>();
    said.forEach(
        (node, one) -> {
          if (one instanceof Said.Answer<TraceStart>(TraceStart start)) {
            if (start.refusal() == null) {
              started.add(node.id());
            } else {
              missing.add(new Missing(node.id(), node.role().serviceName(), start.refusal()));
            }
          }
        });
    if (started.isEmpty()) {
      throw Problem.tooMany(missing.getFirst().node() + ": " + missing.getFirst().why());
    }
    return Told.of(spec, false, 0, started.stream().sorted().toList()).without(missing);
  }

  private TraceSpec spec(Wanted wanted, @Nullable Namespace within) {
    if (Stream.of(wanted.client(), wanted.filter(), wanted.address())
            .filter(Objects::nonNull)
            .count()
        != 1) {
      throw Problem.badRequest("one of client, filter and address is needed");
    }
    int seconds = wanted.seconds() == null ? STANDARD_SECONDS : wanted.seconds();
    if (seconds < 1 || seconds > TraceSpec.MOST_SECONDS) {
      throw Problem.badRequest("seconds: 1 to " + TraceSpec.MOST_SECONDS + ", not " + seconds);
    }
    String address = wanted.address();
    String filter = wanted.filter();
    if (filter != null) {
      requireFilter(filter);
    }
    return new TraceSpec(
        UUID.randomUUID().toString(),
        within == null ? null : within.name(),
        wanted.client(),
        filter,
        address == null
            ? null
            : Problem.inBadRequest("address", () -> Network.of(address)).toString(),
        clock.millis() + seconds * 1_000L);
  }

  private static void requireFilter(String text) {
    try {
      if (TopicFilter.parse(text).isShared()) {
        throw Problem.badRequest("filter: topics are of no share group");
      }
    } catch (InvalidTopicFilterException e) {
      throw Problem.badRequest("filter: " + e.getMessage());
    }
  }

  /** All traces, those that are over among them. */
  @JsonInclude
  record All(List<Told> items, List<Missing> missing) {}

  /** Lists the traces that there are. */
  @Get
  @RequiresRole(OperatorRole.OPERATOR)
  All list(HttpRequest<?> request) throws InterruptedException {
    Map<Node, Said<TraceList>> said =
        nodes.ask(known.of(Role.EDGE_GATEWAY), GatewayOperations.TRACES, new TraceList.Question());
    Map<String, Told> byId = new TreeMap<>();
    said.forEach(
        (node, one) -> {
          if (one instanceof Said.Answer<TraceList>(TraceList list)) {
            list.traces().stream()
                .filter(trace -> maySee(Asking.of(request), trace.trace()))
                .map(
                    trace ->
                        Told.of(trace.trace(), trace.over(), trace.events(), List.of(node.id())))
                .forEach(told -> byId.merge(told.id(), told, TracesController::merged));
          }
        });
    return new All(
        byId.values().stream().sorted(Comparator.comparing(Told::until)).toList(),
        Missing.of(said));
  }

  private static Told merged(Told a, Told b) {
    return new Told(
        a.id(),
        a.client(),
        a.filter(),
        a.address(),
        a.namespace(),
        a.until(),
        a.over() && b.over(),
        a.events() + b.events(),
        Stream.concat(a.gateways().stream(), b.gateways().stream()).sorted().toList(),
        List.of());
  }

  /** Who has a namespace sees what is about that alone. */
  private static boolean maySee(Operator operator, TraceSpec trace) {
    Namespace own = operator.namespace();
    return own == null || own.name().equals(trace.namespace());
  }

  /**
   * Events, in the order of time as the clocks of gateways have it.
   *
   * @param next what to give as {@code cursor} for those that come later
   * @param over whether none comes any more
   * @param more whether there are others already
   * @param leftOut how many had to give way before somebody asked for them
   */
  @JsonInclude
  record Events(
      List<TraceEvents.TraceEvent> events,
      String next,
      boolean over,
      boolean more,
      long leftOut,
      List<Missing> missing) {}

  /**
   * Tells what a trace has written down behind a cursor.
   *
   * @param cursor where the answer before ended
   * @param limit at most so many of each gateway, of 1 to 1,000
   */
  @Get("/{id}/events")
  @RequiresRole(OperatorRole.OPERATOR)
  @MayRefuse(404)
  Events events(
      HttpRequest<?> request,
      @PathVariable String id,
      @Nullable @QueryValue String cursor,
      @QueryValue(defaultValue = "500") int limit)
      throws InterruptedException {
    Map<String, Long> after = after(cursor);
    TraceQuery query = Problem.inBadRequest("limit", () -> new TraceQuery(id, after, limit));
    Map<Node, Said<TraceEvents>> said =
        nodes.ask(known.of(Role.EDGE_GATEWAY), GatewayOperations.TRACE_EVENTS, query);
    Map<String, Long> through = new TreeMap<>(after);
    List<TraceEvents> told = new ArrayList<>();
    said.forEach(
        (node, one) -> {
          if (one instanceof Said.Answer<TraceEvents>(TraceEvents page)
              && page.trace() != null
              && maySee(Asking.of(request), page.trace())) {
            told.add(page);
            through.put(node.id(), page.through());
          }
        });
    if (told.isEmpty()) {
      throw unknown(id);
    }
    return new Events(
        told.stream()
            .flatMap(page -> page.events().stream())
            .sorted(Comparator.comparing(event -> Instant.parse(event.at())))
            .toList(),
        cursor(through),
        told.stream().allMatch(TraceEvents::over),
        told.stream().anyMatch(TraceEvents::more),
        told.stream().mapToLong(TraceEvents::leftOut).sum(),
        Missing.of(said));
  }

  private static Problem unknown(String id) {
    return Problem.notFound("no gateway that answers has a trace '" + id + "'");
  }

  private static String cursor(Map<String, Long> through) {
    return Cursor.of(
        through.entrySet().stream()
            .flatMap(one -> Stream.of(one.getKey(), Long.toString(one.getValue())))
            .toArray(String[]::new));
  }

  private static Map<String, Long> after(@Nullable String cursor) {
    Map<String, Long> after = new HashMap<>();
    if (cursor != null) {
      List<String> names = Cursor.read(cursor);
      try {
        for (int i = 0; i < names.size(); i += 2) {
          after.put(names.get(i), Long.parseLong(names.get(i + 1)));
        }
      } catch (NumberFormatException | IndexOutOfBoundsException e) {
        throw Problem.badRequest("cursor: '" + cursor + "' is of another list");
      }
    }
    return after;
  }

  /** Ends a trace, and forgets what was written down. */
  @Delete("/{id}")
  @RequiresRole(OperatorRole.OPERATOR)
  @MayRefuse(404)
  Told end(HttpRequest<?> request, @PathVariable String id) throws InterruptedException {
    Told trace =
        list(request).items().stream()
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElseThrow(() -> unknown(id));
    Map<Node, Said<TraceName>> said =
        nodes.ask(known.of(Role.EDGE_GATEWAY), GatewayOperations.END_TRACE, new TraceName(id));
    return trace.without(Missing.of(said));
  }
}
