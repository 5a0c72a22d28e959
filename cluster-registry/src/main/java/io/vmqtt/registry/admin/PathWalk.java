package io.vmqtt.registry.admin;

import io.vmqtt.cluster.operation.GatewayProspect;
import io.vmqtt.cluster.operation.MatchingRoutes;
import io.vmqtt.cluster.operation.RouteInfo;
import io.vmqtt.cluster.operation.SessionInfo;
import io.vmqtt.cluster.operation.SessionProspect;
import io.vmqtt.cluster.operation.SessionView.SubscriptionInfo;
import io.vmqtt.cluster.operation.SubscriptionMatch;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.registry.admin.Explanation.Outcome;
import io.vmqtt.registry.admin.Explanation.Step;
import io.vmqtt.registry.admin.Explanation.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Walks the way that a message would take, by what the nodes have said. The first step that ends it
 * gives the verdict; the steps behind it are told all the same.
 */
final class PathWalk {
  private static final long FOR_EVER_SECONDS = 0xFFFF_FFFFL;
  private static final int MOST_NAMED = 5;

  private final Findings found;
  private final List<Step> steps = new ArrayList<>();
  private @Nullable Verdict verdict;
  private String why = "";

  private PathWalk(Findings found) {
    this.found = found;
  }

  static Explanation of(Findings found) {
    PathWalk walk = new PathWalk(found);
    walk.publisher();
    walk.namespace();
    walk.router();
    walk.session();
    walk.subscription();
    walk.receiver();
    walk.delivery();
    Verdict verdict = walk.verdict == null ? Verdict.UNKNOWN : walk.verdict;
    return new Explanation(
        found.topic(),
        found.namespace(),
        found.from(),
        found.to(),
        found.qos(),
        found.retain(),
        verdict,
        opening(verdict) + walk.why,
        walk.steps);
  }

  private static String opening(Verdict verdict) {
    return switch (verdict) {
      case DELIVERED -> "would be delivered now ";
      case QUEUED -> "would wait: ";
      case IN_TURN -> "would reach it in its turn: ";
      case REFUSED -> "would be refused: ";
      case NOT -> "would not be delivered: ";
      case UNKNOWN -> "cannot be told: ";
    };
  }

  // ---- steps

  private void publisher() {
    String from = found.from();
    if (from == null) {
      return;
    }
    Findings.Connected connected = found.publisher();
    if (connected == null) {
      if (found.missing().isEmpty()) {
        note(
            "publisher",
            null,
            "'" + from + "' is not connected: its rules are about who it proves to be");
      } else {
        note("publisher", null, "'" + from + "' is at no gateway that answers");
      }
      return;
    }
    GatewayProspect.OfConnection prospect = connected.prospect();
    Boolean may = prospect.publish();
    String rule = prospect.publishRule() == null ? "" : " (" + prospect.publishRule() + ")";
    String node = connected.gateway();
    if (may == null) {
      note("publisher", node, "whether '" + from + "' may publish that, somebody outside is asked");
    } else if (may) {
      step("publisher", node, Outcome.OK, "'" + from + "' may publish that" + rule, Map.of());
    } else {
      stop("publisher", node, Verdict.REFUSED, "'" + from + "' may not publish that" + rule);
    }
  }

  private void namespace() {
    Map<String, Object> quotas = new HashMap<>();
    found.quotas().limits().forEach((quota, limit) -> quotas.put(quota.label(), limit));
    if (!quotas.isEmpty()) {
      step("namespace", null, Outcome.NOTE, "the namespace has quotas: " + quotas, quotas);
    }
  }

  private void router() {
    String router = found.router();
    MatchingRoutes routes = found.routes();
    if (router == null || routes == null) {
      stop(
          "router",
          router,
          Verdict.UNKNOWN,
          router == null ? "no gateway that answers has a router" : "the router does not answer");
      return;
    }
    List<RouteInfo.OriginInfo> closed =
        destinations(routes).filter(origin -> origin.refuses() || origin.full()).toList();
    String text =
        "the topic belongs to this router"
            + (routes.ready() ? "" : ", which does not know all routes yet")
            + "; "
            + routes.routes().size()
            + (routes.more() ? " routes and more" : " routes")
            + " match";
    Map<String, Object> facts =
        Map.of("routes", routes.routes(), "unsureShards", routes.unsureShards());
    if (found.qos() > 0 && routes.full()) {
      step("router", router, Outcome.STOP, text, facts);
      end(Verdict.REFUSED, "too much waits in router " + router + " for its destinations");
    } else if (found.qos() > 0 && !closed.isEmpty()) {
      step("router", router, Outcome.STOP, text + ", of which some take no more", facts);
      end(Verdict.REFUSED, "it would go to " + named(closed) + " too, which takes no more");
    } else {
      step("router", router, routes.ready() ? Outcome.OK : Outcome.NOTE, text, facts);
    }
  }

  /** Where it would go: of a share group, to the one whose turn it is. */
  private static Stream<RouteInfo.OriginInfo> destinations(MatchingRoutes routes) {
    return routes.routes().stream()
        .flatMap(
            route ->
                route.origins().stream().filter(origin -> route.group() == null || origin.next()));
  }

  private static String named(List<RouteInfo.OriginInfo> origins) {
    return String.join(
        ", ", origins.stream().map(PathWalk::name).distinct().limit(MOST_NAMED).toList());
  }

  private static String name(RouteInfo.OriginInfo origin) {
    return origin.shard() == null
        ? "gateway " + origin.node()
        : "shard " + origin.shard() + (origin.node() == null ? "" : " at " + origin.node());
  }

  private void session() {
    SessionProspect said = found.session();
    if (said == null) {
      stop(
          "session",
          null,
          Verdict.UNKNOWN,
          "nobody who answers leads shard " + found.shard() + ", where the client's session is");
      return;
    }
    SessionInfo session = said.session();
    if (session == null) {
      stop("session", found.store(), Verdict.NOT, "'" + found.to() + "' has no session");
      return;
    }
    String at = found.gateway() == null ? "a gateway that is no more" : found.gateway();
    step(
        "session",
        found.store(),
        Outcome.OK,
        "'"
            + found.to()
            + "' has a "
            + (session.persistent() ? "session that outlives its connection" : "transient session")
            + " in shard "
            + session.shard()
            + (session.attached() ? ", attached to " + at : ", not connected"),
        Map.of(
            "shard", session.shard(),
            "attached", session.attached(),
            "epoch", session.epoch(),
            "gateway", at));
  }

  private void subscription() {
    SessionInfo session = sessionInfo();
    if (session == null) {
      return;
    }
    SubscriptionMatch match = match(session);
    String node = session.persistent() ? found.store() : gatewayOfReceiver();
    if (match == null) {
      stop(
          "subscription",
          null,
          Verdict.UNKNOWN,
          "the gateway that knows the subscriptions of '" + found.to() + "' does not answer");
    } else if (match.matching().isEmpty()) {
      stop(
          "subscription",
          node,
          Verdict.NOT,
          match.subscriptions() == 0
              ? "'" + found.to() + "' has no subscriptions"
              : "no subscription of '"
                  + found.to()
                  + "' matches; nearest "
                  + String.join(", ", match.nearest()));
    } else if (reached(match).isEmpty()) {
      stop(
          "subscription",
          node,
          Verdict.NOT,
          "what '" + found.to() + "' publishes does not come back to it: no local");
    } else {
      step(
          "subscription",
          node,
          Outcome.OK,
          "matches: "
              + String.join(", ", reached(match).stream().map(SubscriptionInfo::filter).toList()),
          Map.of("matching", match.matching()));
      routed(session, match);
    }
  }

  /** Whether the router knows of the subscription. */
  private void routed(SessionInfo session, SubscriptionMatch match) {
    MatchingRoutes routes = found.routes();
    if (routes == null
        || routes.more()
        || (session.persistent() && routes.unsureShards().contains(session.shard()))) {
      return;
    }
    boolean known =
        reached(match).stream()
            .anyMatch(one -> origins(one).anyMatch(origin -> isOf(origin, session)));
    if (!known) {
      stop(
          "route",
          found.router(),
          Verdict.NOT,
          "the router does not know of that subscription: it has no route to "
              + (session.persistent() ? "shard " + session.shard() : gatewayOfReceiver()));
    }
  }

  private boolean isOf(RouteInfo.OriginInfo origin, SessionInfo session) {
    Integer shard = origin.shard();
    return session.persistent()
        ? shard != null && shard == session.shard()
        : shard == null && origin.node() != null && origin.node().equals(gatewayOfReceiver());
  }

  private Stream<RouteInfo.OriginInfo> origins(SubscriptionInfo subscription) {
    MatchingRoutes routes = found.routes();
    TopicFilter filter = TopicFilter.parse(subscription.filter());
    return routes == null
        ? Stream.of()
        : routes.routes().stream()
            .filter(
                route ->
                    route.filter().equals(filter.filter())
                        && Objects.equals(route.group(), filter.shareGroup()))
            .flatMap(route -> route.origins().stream());
  }

  private void receiver() {
    Findings.Connected receiver = found.receiver();
    if (receiver == null) {
      return;
    }
    GatewayProspect.OfConnection prospect = receiver.prospect();
    if (!prospect.receives()) {
      stop(
          "receiver",
          receiver.gateway(),
          Verdict.NOT,
          "the access rules of now keep the topic from '" + found.to() + "'");
      return;
    }
    step(
        "receiver",
        receiver.gateway(),
        prospect.takesMore() && !isWindowFull(prospect) ? Outcome.OK : Outcome.NOTE,
        prospect.takesMore()
            ? prospect.inFlight() + " of " + prospect.window() + " deliveries are unacknowledged"
            : "the client does not take what is sent to it, or a quota of its namespace holds it"
                + " up; "
                + prospect.waitingBytes()
                + " bytes wait for it",
        Map.of(
            "connectedAt", prospect.connectedAt(),
            "window", prospect.window(),
            "inFlight", prospect.inFlight(),
            "waitingBytes", prospect.waitingBytes()));
  }

  private static boolean isWindowFull(GatewayProspect.OfConnection prospect) {
    return prospect.inFlight() >= prospect.window();
  }

  private void delivery() {
    SessionInfo session = sessionInfo();
    SubscriptionMatch match = session == null ? null : match(session);
    if (session == null || match == null || reached(match).isEmpty()) {
      return;
    }
    int qos = Math.min(found.qos(), maximumQos(reached(match)));
    if (session.persistent() && qos > 0) {
      queue(session);
    }
    if (verdict != null) {
      return;
    }
    Findings.Connected receiver = found.receiver();
    if (reached(match).stream().allMatch(PathWalk::isShared)) {
      inTurn(reached(match), receiver != null);
    } else if (receiver == null && session.attached()) {
      end(Verdict.UNKNOWN, "its gateway does not answer, or has just lost it");
    } else if (receiver == null) {
      offline(session, qos);
    } else {
      online(receiver.prospect(), qos);
    }
  }

  private void inTurn(List<SubscriptionInfo> reached, boolean connected) {
    int members =
        reached.stream()
            .mapToInt(one -> origins(one).mapToInt(RouteInfo.OriginInfo::members).sum())
            .sum();
    end(
        Verdict.IN_TURN,
        "it is one of "
            + members
            + " members of "
            + reached.getFirst().filter()
            + (connected ? "" : ", and not connected: those who are come first"));
  }

  private void queue(SessionInfo session) {
    SessionProspect said = found.session();
    SessionProspect.QueueRoom room = said == null ? null : said.queue();
    if (room == null) {
      return;
    }
    Map<String, Object> facts =
        Map.of(
            "queued", session.queued(),
            "maxMessages", room.maxMessages(),
            "queuedBytes", session.queuedBytes(),
            "maxBytes", room.maxBytes(),
            "dropped", session.dropped());
    String text =
        session.queued()
            + " of "
            + room.maxMessages()
            + " messages, "
            + session.queuedBytes()
            + " of "
            + room.maxBytes()
            + " bytes are in its queue";
    if (!room.full() && !room.namespaceFull()) {
      step("queue", found.store(), Outcome.OK, text, facts);
      return;
    }
    text += room.full() ? "" : ", and those of its namespace are full";
    if (room.dropsOldest()) {
      step("queue", found.store(), Outcome.NOTE, text + ": its oldest message gives way", facts);
    } else {
      step("queue", found.store(), Outcome.STOP, text, facts);
      end(Verdict.REFUSED, "the queue of '" + found.to() + "' is full");
    }
  }

  private void offline(SessionInfo session, int qos) {
    if (qos == 0) {
      end(
          Verdict.NOT,
          "'" + found.to() + "' is not connected, and a message of QoS 0 does not wait for it");
    } else {
      end(
          Verdict.QUEUED,
          "'"
              + found.to()
              + "' is not connected since "
              + session.detachedAt()
              + "; its session stays "
              + until(session));
    }
  }

  private static String until(SessionInfo session) {
    String since = session.detachedAt();
    return session.expirySeconds() == FOR_EVER_SECONDS || since == null
        ? "for ever"
        : "until " + Instant.parse(since).plusSeconds(session.expirySeconds());
  }

  private void online(GatewayProspect.OfConnection prospect, int qos) {
    if (qos > 0 && isWindowFull(prospect)) {
      end(
          Verdict.QUEUED,
          "the client has all " + prospect.window() + " deliveries that it takes unacknowledged");
    } else if (!prospect.takesMore()) {
      end(
          qos == 0 ? Verdict.NOT : Verdict.QUEUED,
          "the client does not take what is sent to it, or a quota of its namespace holds it up");
    } else {
      end(Verdict.DELIVERED, "with QoS " + qos);
    }
  }

  // ---- what was found

  private @Nullable SessionInfo sessionInfo() {
    SessionProspect said = found.session();
    return said == null ? null : said.session();
  }

  private @Nullable SubscriptionMatch match(SessionInfo session) {
    SessionProspect said = found.session();
    if (session.persistent()) {
      return said == null ? null : said.match();
    }
    Findings.Connected receiver = found.receiver();
    return receiver == null ? null : receiver.prospect().match();
  }

  private @Nullable String gatewayOfReceiver() {
    Findings.Connected receiver = found.receiver();
    return receiver == null ? null : receiver.gateway();
  }

  /** Those by which it would come: not what the client does not want of itself. */
  private List<SubscriptionInfo> reached(SubscriptionMatch match) {
    return match.matching().stream()
        .filter(one -> !one.noLocal() || !found.to().equals(found.from()))
        .toList();
  }

  private static int maximumQos(List<SubscriptionInfo> subscriptions) {
    return subscriptions.stream().mapToInt(SubscriptionInfo::qos).max().orElse(0);
  }

  private static boolean isShared(SubscriptionInfo subscription) {
    return TopicFilter.parse(subscription.filter()).isShared();
  }

  // ---- what is told

  private void step(
      String step, @Nullable String node, Outcome outcome, String text, Map<String, Object> facts) {
    steps.add(new Step(step, node, outcome, text, facts));
  }

  private void note(String step, @Nullable String node, String text) {
    step(step, node, Outcome.NOTE, text, Map.of());
  }

  private void stop(String step, @Nullable String node, Verdict with, String text) {
    step(step, node, Outcome.STOP, text, Map.of());
    end(with, text);
  }

  private void end(Verdict with, String text) {
    if (verdict == null) {
      verdict = with;
      why = text;
    }
  }
}
