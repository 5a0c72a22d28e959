package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.operation.GatewayOperations;
import io.vmqtt.cluster.operation.LongQueues;
import io.vmqtt.cluster.operation.LongQueuesQuery;
import io.vmqtt.cluster.operation.StoreOperations;
import io.vmqtt.cluster.operation.TopList;
import io.vmqtt.cluster.operation.TopList.Name;
import io.vmqtt.cluster.operation.TopQuery;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.model.Namespace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/top}: the busiest topics and clients of all gateways, which count for a moment
 * when they are asked.
 */
@Controller("/api/v1/top")
@ExecuteOn(TaskExecutors.BLOCKING)
final class TopController {
  private static final double MILLIS = 1_000;
  private static final double TENTHS = 10;

  private final KnownNodes known;
  private final Nodes nodes;

  TopController(KnownNodes known, Nodes nodes) {
    this.known = known;
    this.nodes = nodes;
  }

  /**
   * One of a list.
   *
   * @param name a topic, or a client id
   * @param perSecond messages, or bytes, while it was counted
   */
  @JsonInclude
  record Rate(String namespace, String name, double perSecond) {}

  /**
   * Those that are busiest, the busiest first.
   *
   * @param topics messages published to each
   * @param senders messages that each client published
   * @param receivers bytes that went to each client
   * @param waiting bytes that wait for each client, at the end
   * @param queues messages that wait for each session
   * @param flapping how often each client has connected in the last one to two minutes, of those
   *     that a gateway has seen more than once
   * @param losses what came to nothing at gateways in that time, by reason and client
   * @param reasons the same by reason alone
   * @param dropped messages that each session has lost because its queue was full, since it began
   */
  @JsonInclude
  record Top(
      List<Rate> topics,
      List<Rate> senders,
      List<Rate> receivers,
      List<TopList.Item> waiting,
      List<TopList.Item> queues,
      List<TopList.Item> flapping,
      List<TopList.Loss> losses,
      List<Reason> reasons,
      List<TopList.Item> dropped,
      List<Missing> missing) {}

  /**
   * Why something came to nothing.
   *
   * @param reason one word, such as {@code publish-denied}
   * @param count how often, at least
   */
  @JsonInclude
  record Reason(String reason, long count) {}

  /**
   * Counts for a moment, and tells the busiest topics and clients.
   *
   * @param seconds how long, of 1 to 5
   * @param limit at most so many of each list, of 1 to 100
   * @param namespace empty: the nameless one; all if left out
   */
  @Get
  @RequiresRole(OperatorRole.VIEWER)
  Top top(
      HttpRequest<?> request,
      @QueryValue(defaultValue = "2") int seconds,
      @QueryValue(defaultValue = "20") int limit,
      @Nullable @QueryValue String namespace)
      throws InterruptedException {
    Namespace within = Asking.within(request, namespace);
    String only = within == null ? null : within.name();
    TopQuery query = Problem.inBadRequest("seconds", () -> new TopQuery(seconds, only));
    if (limit < 1 || limit > TopList.MOST) {
      throw Problem.badRequest("limit: 1 to " + TopList.MOST + ", not " + limit);
    }
    Map<Node, Said<TopList>> said =
        nodes.ask(known.of(Role.EDGE_GATEWAY), GatewayOperations.TOP, query);
    Map<Name, Double> topics = new HashMap<>();
    Map<Name, Double> senders = new HashMap<>();
    Map<Name, Double> receivers = new HashMap<>();
    Map<Name, Double> waiting = new HashMap<>();
    Map<Name, Double> flapping = new HashMap<>();
    Losses losses = new Losses();
    for (Said<TopList> one : said.values()) {
      if (one instanceof Said.Answer<TopList>(TopList list)) {
        double seen = Math.max(1, list.millis()) / MILLIS;
        add(topics, list.topics(), seen, only);
        add(senders, list.senders(), seen, only);
        add(receivers, list.receivers(), seen, only);
        add(waiting, list.waiting(), 1, only);
        add(flapping, list.flapping(), 1, only);
        losses.add(list.losses(), only);
      }
    }
    Map<Node, Said<LongQueues>> stores =
        nodes.ask(
            known.of(Role.SESSION_STORE), StoreOperations.LONG_QUEUES, new LongQueuesQuery(only));
    Map<Name, Double> queues = new HashMap<>();
    Map<Name, Double> dropped = new HashMap<>();
    for (Said<LongQueues> one : stores.values()) {
      if (one instanceof Said.Answer<LongQueues>(LongQueues list)) {
        add(queues, list.queues(), 1, only);
        add(dropped, list.dropped(), 1, only);
      }
    }
    List<Missing> missing = new ArrayList<>(Missing.of(said));
    missing.addAll(Missing.of(stores));
    return new Top(
        rates(topics, limit),
        rates(senders, limit),
        rates(receivers, limit),
        items(waiting, limit),
        items(queues, limit),
        items(flapping, limit),
        losses.most(limit),
        losses.reasons(),
        items(dropped, limit),
        missing);
  }

  /** A node of another version may tell of all namespaces. */
  private static void add(
      Map<Name, Double> all, List<TopList.Item> items, double seconds, @Nullable String only) {
    for (TopList.Item item : items) {
      if (only != null && !only.equals(item.namespace())) {
        continue;
      }
      all.merge(new Name(item.namespace(), item.name()), item.count() / seconds, Double::sum);
    }
  }

  private static List<Rate> rates(Map<Name, Double> all, int limit) {
    return busiest(
        all,
        limit,
        one -> new Rate(one.getKey().namespace(), one.getKey().text(), rounded(one.getValue())));
  }

  private static List<TopList.Item> items(Map<Name, Double> all, int limit) {
    return busiest(
        all,
        limit,
        one ->
            new TopList.Item(
                one.getKey().namespace(), one.getKey().text(), one.getValue().longValue()));
  }

  /** What gateways say came to nothing. */
  private static final class Losses {
    private record Of(String reason, Name client) {}

    private final Map<Of, Long> all = new HashMap<>();

    void add(List<TopList.Loss> losses, @Nullable String only) {
      for (TopList.Loss one : losses) {
        if (only == null || only.equals(one.namespace())) {
          Of what = new Of(one.reason(), new Name(one.namespace(), one.name()));
          all.merge(what, one.count(), Long::sum);
        }
      }
    }

    List<TopList.Loss> most(int limit) {
      return all.entrySet().stream()
          .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
          .limit(limit)
          .map(
              one ->
                  new TopList.Loss(
                      one.getKey().reason(),
                      one.getKey().client().namespace(),
                      one.getKey().client().text(),
                      one.getValue()))
          .toList();
    }

    List<Reason> reasons() {
      return all.entrySet().stream()
          .collect(
              Collectors.groupingBy(
                  one -> one.getKey().reason(), Collectors.summingLong(Map.Entry::getValue)))
          .entrySet()
          .stream()
          .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
          .map(one -> new Reason(one.getKey(), one.getValue()))
          .toList();
    }
  }

  private static double rounded(double rate) {
    return Math.round(rate * TENTHS) / TENTHS;
  }

  private static <T> List<T> busiest(
      Map<Name, Double> all, int limit, Function<Map.Entry<Name, Double>, T> row) {
    return all.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(limit)
        .map(row)
        .toList();
  }
}
