package io.vmqtt.gateway.operation;

import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.operation.ClientName;
import io.vmqtt.cluster.operation.ClientPage;
import io.vmqtt.cluster.operation.ClientQuery;
import io.vmqtt.cluster.operation.Disconnection;
import io.vmqtt.cluster.operation.ExplainQuery;
import io.vmqtt.cluster.operation.GatewayOperations;
import io.vmqtt.cluster.operation.GatewayProspect;
import io.vmqtt.cluster.operation.SessionEnd;
import io.vmqtt.cluster.operation.TraceName;
import io.vmqtt.cluster.operation.TraceSpec;
import io.vmqtt.cluster.operation.TraceStart;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.connection.Cluster;
import io.vmqtt.gateway.link.Lane;
import io.vmqtt.gateway.trace.Trace;
import io.vmqtt.gateway.trace.Traces;
import io.vmqtt.gateway.transport.ConnectedClient;
import io.vmqtt.gateway.transport.EventLoopConnections;
import io.vmqtt.model.ClientId;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.ScopedName;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers operators about the clients of this gateway. Clients are looked at on their own event
 * loops, a part of them in each run, so that no other client waits. Safe from any thread.
 */
public final class GatewayAnswers {
  /** While one takes over from another, both are there, on loops of their own. */
  private static final int MOST_OF_ONE_NAME = 16;

  /** A session that lives for a moment needs a window; nothing is delivered in it. */
  private static final int WINDOW = 1;

  private final String gateway;
  private final List<Lane> lanes;
  private final Loops loops;
  private final InstantSource clock;
  private final Traces traces;
  private final TopCount top;
  private final TrafficCount traffic;
  private final OperatorSubscribers subscribers;

  /**
   * Those of one gateway.
   *
   * @param gateway the id of this node
   * @param lanes what publishes and asks shards
   * @param subscribers who hears messages as they come
   * @param loops where the clients are
   */
  public GatewayAnswers(
      String gateway,
      List<Lane> lanes,
      OperatorSubscribers subscribers,
      Supplier<Collection<EventLoopConnections>> loops,
      InstantSource clock) {
    this.gateway = gateway;
    this.lanes = List.copyOf(lanes);
    this.subscribers = subscribers;
    this.loops = new Loops(loops);
    this.top = new TopCount(this.loops);
    this.traffic = new TrafficCount(this.loops);
    this.clock = clock;
    this.traces = lanes.getFirst().traces();
  }

  /** By what they are to. */
  public Answers answers() {
    return Answers.NONE
        .with(GatewayOperations.CLIENTS, this::clients)
        .with(GatewayOperations.CLIENT, this::client)
        .with(GatewayOperations.TRAFFIC, traffic::count)
        .with(GatewayOperations.DISCONNECT, this::disconnect)
        .with(GatewayOperations.PUBLISH, new OperatorPublisher(lanes.getFirst())::publish)
        .with(GatewayOperations.DELIVER, new DirectedDeliveries(loops, clock)::deliver)
        .with(GatewayOperations.MESSAGES, subscribers::open)
        .with(GatewayOperations.END_SESSION, this::endSession)
        .with(GatewayOperations.EXPLAIN, this::explain)
        .with(GatewayOperations.TOP, top::count)
        .with(GatewayOperations.START_TRACE, this::startTrace)
        .with(GatewayOperations.END_TRACE, this::endTrace)
        .with(
            GatewayOperations.TRACES, question -> CompletableFuture.completedFuture(traces.list()))
        .with(
            GatewayOperations.TRACE_EVENTS,
            query ->
                CompletableFuture.completedFuture(
                    traces.events(
                        query.id(), query.after().getOrDefault(gateway, 0L), query.limit())));
  }

  /** Has the busiest topics be metrics, until that is closed. */
  public TopMetrics tellTopics(MeterRegistry registry) {
    TopMetrics metrics = new TopMetrics(top, registry);
    metrics.start();
    return metrics;
  }

  private CompletableFuture<ClientPage> clients(ClientQuery query) {
    long now = clock.millis();
    return lowest(new WantedClients(query.filter(), now), query.after(), query.limit(), now);
  }

  private CompletableFuture<ClientPage> client(ClientName name) {
    return lowest(client -> isNamed(client, name), null, MOST_OF_ONE_NAME, clock.millis());
  }

  private CompletableFuture<ClientPage> lowest(
      Predicate<ConnectedClient> wanted, @Nullable ClientName after, int limit, long nowMillis) {
    Queue<LowestClients> lowest = new ConcurrentLinkedQueue<>();
    return loops
        .show(
            () -> {
              LowestClients ofLoop = new LowestClients(gateway, wanted, after, limit, nowMillis);
              lowest.add(ofLoop);
              return ofLoop::look;
            })
        .thenApplyAsync(all -> LowestClients.page(lowest, limit));
  }

  private CompletableFuture<Disconnection.Done> disconnect(Disconnection wanted) {
    ReasonCode reason = ReasonCode.of(wanted.reason());
    AtomicBoolean found = new AtomicBoolean();
    return loops
        .show(
            () ->
                client -> {
                  if (isNamed(client, wanted.client())) {
                    found.set(true);
                    client.connection().end(reason);
                  }
                })
        .thenApply(all -> new Disconnection.Done(found.get()));
  }

  /** The answer comes when clients that are connected are looked through. */
  private CompletableFuture<TraceStart> startTrace(TraceSpec spec) {
    Trace trace = traces.start(spec);
    if (trace == null) {
      return CompletableFuture.completedFuture(
          new TraceStart("there are " + Traces.MOST + " traces, as many as may be at a time"));
    }
    return loops
        .each((loop, then) -> loop.trace(trace, then))
        .thenApply(all -> new TraceStart(null));
  }

  /** Handlers that it leaves go by themselves when something comes of their clients. */
  private CompletableFuture<TraceName> endTrace(TraceName name) {
    traces.end(name.id());
    return CompletableFuture.completedFuture(name);
  }

  private CompletableFuture<GatewayProspect> explain(ExplainQuery query) {
    long now = clock.millis();
    Queue<GatewayProspect.OfConnection> found = new ConcurrentLinkedQueue<>();
    Lane lane = lanes.getFirst();
    CompletableFuture<Optional<String>> router = new CompletableFuture<>();
    String topic = ScopedName.of(Namespace.of(query.client().namespace()), query.topic());
    lane.execute(() -> router.complete(Optional.ofNullable(lane.routerIdOf(topic))));
    return loops
        .show(
            () ->
                client -> {
                  GatewayProspect.OfConnection one =
                      isNamed(client, query.client())
                          ? ClientProspects.of(client, query, now)
                          : null;
                  if (one != null) {
                    found.add(one);
                  }
                })
        .thenCombine(
            router.orTimeout(Loops.PATIENCE_SECONDS, TimeUnit.SECONDS),
            (all, id) ->
                new GatewayProspect(
                    id.orElse(null),
                    found.stream()
                        .sorted(Comparator.comparing(GatewayProspect.OfConnection::connectedAt))
                        .toList()));
  }

  static boolean isNamed(ConnectedClient client, ClientName name) {
    Identity who = client.connection().identity();
    return who != null
        && who.clientId().equals(name.clientId())
        && who.namespace().name().equals(name.namespace());
  }

  private CompletableFuture<SessionEnd> endSession(ClientName name) {
    PassingOwner owner = new PassingOwner();
    if (!ClientId.isValid(name.clientId())) {
      owner.refused(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
      return owner.end();
    }
    String scoped = ScopedName.of(Namespace.of(name.namespace()), name.clientId());
    Lane lane = lanes.getFirst();
    lane.execute(
        () -> {
          if (lane.isAvailable()) {
            lane.attach(new Cluster.AttachRequest(scoped, true, 0, WINDOW, null, null), owner);
          } else {
            owner.unavailable();
          }
        });
    return owner.end();
  }
}
