package io.vmqtt.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkFigures;
import io.vmqtt.cluster.machine.FileWatches;
import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.operation.GatewayOperations;
import io.vmqtt.cluster.operation.ListenerList;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.bans.Guard;
import io.vmqtt.gateway.access.bans.GuardedAccess;
import io.vmqtt.gateway.access.bans.LiveBans;
import io.vmqtt.gateway.access.rules.LiveRules;
import io.vmqtt.gateway.audit.Change;
import io.vmqtt.gateway.codec.EncodedPublish;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.config.ListenersFile;
import io.vmqtt.gateway.link.Gateway;
import io.vmqtt.gateway.listener.AccessControl;
import io.vmqtt.gateway.listener.Accesses;
import io.vmqtt.gateway.listener.Listeners;
import io.vmqtt.gateway.operation.GatewayAnswers;
import io.vmqtt.gateway.operation.HoldOffList;
import io.vmqtt.gateway.operation.OperatorSubscribers;
import io.vmqtt.gateway.operation.TopMetrics;
import io.vmqtt.gateway.spans.SpanTerms;
import io.vmqtt.gateway.spans.Spans;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One gateway, without the process around it. */
public final class GatewayNode implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GatewayNode.class);

  private final FileWatches files = new FileWatches();
  private final AccessControl control;
  private final Listeners listeners;
  private final Gateway gateway;
  private final GatewayAnswers operations;
  private final OperatorSubscribers subscribers;

  /** What tells of single messages; null: nobody does. */
  private volatile @Nullable Spans spans;

  private final Answers answers;
  private volatile @Nullable TopMetrics topMetrics;
  private final LiveRules rules;
  private final LiveBans bans;
  private volatile boolean closing;

  /** Why the file of listeners as it is now is of no use; null: it is. */
  private volatile @Nullable String complaint;

  /**
   * Builds a gateway and listens for clients; it serves them as soon as it has found a router.
   *
   * @throws IOException if an MQTT port cannot be had, or a file; the message says which
   */
  public GatewayNode(
      GatewayConfig config,
      Discovery discovery,
      ClusterFacts facts,
      Channels channels,
      LinkEnds ends,
      MeterRegistry registry)
      throws IOException {
    this(config, null, discovery, facts, channels, ends, registry);
  }

  /** As above, with other access control, and without rules and bans. */
  public GatewayNode(
      GatewayConfig config,
      @Nullable Access access,
      Discovery discovery,
      ClusterFacts facts,
      Channels channels,
      LinkEnds ends,
      MeterRegistry registry)
      throws IOException {
    this(
        config,
        access,
        LiveRules.none(),
        Guard.ofNobody(),
        discovery,
        facts,
        channels,
        ends,
        registry);
  }

  /**
   * As above; it serves nobody before rules and bans are known.
   *
   * @param access of all listeners; null: as their options say
   * @param rules what clients may do, where there are any
   * @param guard who is kept out, whatever he can prove
   */
  public GatewayNode(
      GatewayConfig config,
      @Nullable Access access,
      LiveRules rules,
      Guard guard,
      Discovery discovery,
      ClusterFacts facts,
      Channels channels,
      LinkEnds ends,
      MeterRegistry registry)
      throws IOException {
    this.rules = rules;
    this.bans = guard.bans();
    control = new AccessControl(registry);
    listeners = new Listeners(config);
    gateway =
        new Gateway(
            config,
            discovery,
            facts,
            channels,
            ends,
            registry,
            listeners.eventLoops(),
            EncodedPublish.encoder());
    subscribers = new OperatorSubscribers(gateway.lanes(), registry);
    operations =
        new GatewayAnswers(
            ends.self().nodeId(),
            gateway.lanes(),
            subscribers,
            listeners::connectionsByLoop,
            InstantSource.system());
    answers =
        operations
            .answers()
            .with(GatewayOperations.HOLD_OFFS, new HoldOffList(guard.holdOffs())::page)
            .with(
                GatewayOperations.LISTENERS,
                _ -> CompletableFuture.completedFuture(listenerList(config.listenersFile())));
    try {
      control.writeDown(config.logs(), ends.self().nodeId());
      control.tellOf(guard);
      control.tellOf(rules.own());
      control.tellOf(facts);
      control.read(config.listeners());
      listeners.open(gateway, accesses(access, guard), bans, registry);
      rules.whenChanged(listeners::accessChanged);
      bans.whenChanged(listeners::bansChanged);
      listeners.accessChanged(); // they may have while listeners opened
      listeners.bansChanged();
      ListenersFile file = config.listenersFile();
      if (file != null) {
        var _ = files.watch(file.path(), bytes -> follow(file, bytes));
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** Of all listeners; {@code own} in place of what their options say. */
  private Accesses accesses(@Nullable Access own, Guard guard) {
    return new Accesses() {
      @Override
      public Access of(ListenerConfig listener) throws IOException {
        control.read(List.of(listener));
        return control.audited(
            listener,
            new GuardedAccess(
                guard, control.ruled(rules, own == null ? control.of(listener) : own)));
      }

      @Override
      public void tell(Change change) {
        control.tell(change);
      }

      @Override
      public List<Runnable> keepOnly(Collection<ListenerConfig> all) {
        return control.keepOnly(all);
      }
    };
  }

  private ListenerList listenerList(@Nullable ListenersFile file) {
    return new ListenerList(
        listeners.all(),
        listeners.failures(),
        file == null ? null : file.path().toString(),
        complaint);
  }

  private void follow(ListenersFile file, byte[] bytes) {
    try {
      Map<String, String> failed =
          listeners.change(
              file.read(new String(bytes, StandardCharsets.UTF_8)), Origin.of(file.path()));
      complaint = null;
      failed.forEach((_, why) -> log.warn("{}; all others are as {} says", why, file.path()));
    } catch (OptionException e) {
      complaint = e.getMessage();
      log.warn("the listeners stay as they are: {}", e.getMessage());
    }
  }

  /** Other listeners are to be there beside the default one: see {@link Listeners#change}. */
  public Map<String, String> changeListeners(List<ListenerConfig> others) {
    return listeners.change(others, null);
  }

  /** Has somebody told when {@link #ports} are others. */
  public void whenListenersChange(Runnable told) {
    listeners.whenChanged(told);
  }

  /** The port of its default listener. */
  public int port() {
    return listeners.port();
  }

  /** The port of a listener. */
  public int port(String listener) {
    return listeners.port(listener);
  }

  /** Its links that are up. */
  public List<LinkFigures> links() {
    return gateway.links();
  }

  /** The ports of all listeners, by their names. */
  public Map<String, Integer> ports() {
    return listeners.ports();
  }

  /** True while clients can be served; a load balancer sends no more of them to one that stops. */
  public boolean isReady() {
    return !closing && rules.areKnown() && bans.areKnown() && gateway.isReady();
  }

  /** What operators can ask of it, and have it do. */
  public Answers answers() {
    return answers;
  }

  /** Has it tell its clients figures of itself, every so often. */
  public void tellFigures(Duration interval) {
    gateway.tellFigures(interval, listeners::connections);
  }

  /** Has the busiest topics be metrics; to be called once at the most. */
  public void tellTopics(MeterRegistry registry) {
    topMetrics = operations.tellTopics(registry);
  }

  /** Has it tell of single messages, from now on; closed with it. */
  public void traceBy(SpanTerms terms, MeterRegistry registry) {
    Spans told = new Spans(terms, gateway.traces().node(), registry);
    gateway.metrics().traceBy(told);
    spans = told;
  }

  /** Open connections. */
  public int connections() {
    return listeners.connections();
  }

  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    TopMetrics metrics = topMetrics;
    if (metrics != null) {
      metrics.close();
    }
    files.close();
    subscribers.close();
    listeners.close();
    control.close();
    gateway.close();
    Spans told = spans;
    if (told != null) {
      told.close();
    }
  }
}
