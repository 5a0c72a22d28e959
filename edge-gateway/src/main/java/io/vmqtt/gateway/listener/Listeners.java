package io.vmqtt.gateway.listener;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.cluster.machine.FileLimit;
import io.vmqtt.cluster.operation.ListenerInfo;
import io.vmqtt.cluster.operation.ListenerList;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.gateway.access.bans.LiveBans;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.link.Gateway;
import io.vmqtt.gateway.link.Lane;
import io.vmqtt.gateway.quota.NamespaceUses;
import io.vmqtt.gateway.transport.ConnectionLog;
import io.vmqtt.gateway.transport.EventLoopConnections;
import io.vmqtt.gateway.transport.TransportHead;
import io.vmqtt.model.Namespace;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All listeners of a gateway, the event loops of their connections, and how many there may be.
 * Those beside the default one can change while it runs; one change is made at a time.
 */
public final class Listeners implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  /** A client has so long for what comes before CONNECT, again to CONNECT, and to CONNACK. */
  private static final int PATIENCE = 3;

  private final GatewayConfig config;
  private final EventLoops loops;
  private final SecureRandom random = new SecureRandom();
  private final AtomicInteger connections = new AtomicInteger();
  private final Map<EventExecutor, EventLoopConnections> byLoop = new HashMap<>();
  private final ReentrantLock changing = new ReentrantLock();

  /** Its thread is there when something was changed. */
  private final ScheduledExecutorService later =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("listeners").factory());

  private volatile Map<String, Listener> listeners = Map.of();
  private volatile Runnable whenChanged = () -> {};
  private int changes;
  private volatile boolean closed;

  /** Why some are not as they are wanted, by their names. */
  private volatile Map<String, String> failures = Map.of();

  /** Null while nobody listens. */
  private volatile @Nullable ListenerMaker maker;

  private @Nullable NamespaceUses namespaces;

  /** The event loops, and nobody who listens yet. */
  public Listeners(GatewayConfig config) {
    this.config = config;
    this.loops = new EventLoops(config.eventLoops());
  }

  /** The event loops, for the lanes of the gateway. */
  public List<? extends Executor> eventLoops() {
    return loops.all();
  }

  /**
   * Listens.
   *
   * @throws IOException if one cannot, and says which; {@link #close} has to follow
   */
  public void open(Gateway behind, Accesses accesses, LiveBans bans, MeterRegistry registry)
      throws IOException {
    ConnectionLog connectionLog = new ConnectionLog(config.logs().connections());
    List<Lane> lanes = behind.lanes();
    List<EventExecutor> all = loops.all();
    long timeoutNanos = config.connectTimeout().toNanos();
    for (int i = 0; i < all.size(); i++) {
      Lane lane = lanes.get(i);
      EventLoopConnections ofLoop = new EventLoopConnections(lane, connectionLog);
      byLoop.put(all.get(i), ofLoop);
      var _ =
          all.get(i)
              .scheduleWithFixedDelay(
                  () -> lane.execute(() -> ofLoop.checkClocks(timeoutNanos)),
                  1,
                  1,
                  TimeUnit.SECONDS);
    }
    namespaces = behind.namespaces();
    maker = new ListenerMaker(config, accesses, bans, namespaces, registry, this);
    changing.lock();
    try {
      ListenerChange change = begin();
      change(change, config);
      Map<String, String> failures = change.failures();
      if (!failures.isEmpty()) {
        throw new IOException(failures.values().iterator().next());
      }
    } finally {
      changing.unlock();
    }
    log.info(
        "at most {} connections of clients; the limit of open files (ulimit -n) is {}",
        config.maxConnections(),
        FileLimit.current());
  }

  /**
   * Other listeners are to be there beside the default one: new ones are opened, and those that are
   * not wanted any more end, with their connections. One that is wanted otherwise takes on what is
   * new for whoever comes then; where its address, transport or namespace is another, it ends, and
   * begins anew. All others are left alone.
   *
   * @param others all that are to be there
   * @param origin where that was said; null: nobody knows
   * @return why one is not there, or not as wanted, by its name: what it was before, it is then
   * @throws OptionException if they cannot be there together; nothing has changed
   */
  public Map<String, String> change(List<ListenerConfig> others, @Nullable Origin origin) {
    GatewayConfig wanted = config.withListeners(others);
    changing.lock();
    try {
      if (closed) {
        return Map.of();
      }
      ListenerChange change = begin();
      int number = ++changes;
      try {
        change(change, wanted);
      } finally {
        var _ =
            later.schedule(
                () -> letGo(change.unused(), number),
                config.connectTimeout().multipliedBy(PATIENCE).toMillis(),
                TimeUnit.MILLISECONDS);
      }
      failures = Map.copyOf(change.failures());
      if (change.hasChanged() || !change.failures().isEmpty()) {
        Objects.requireNonNull(maker).tell(change.told(origin));
      }
      return change.failures();
    } finally {
      changing.unlock();
    }
  }

  private ListenerChange begin() {
    return new ListenerChange(listeners, Objects.requireNonNull(maker));
  }

  private void change(ListenerChange change, GatewayConfig wanted) {
    change.make(wanted.listeners(), loops);
    if (change.hasChanged()) {
      listeners = Map.copyOf(change.after());
      Objects.requireNonNull(namespaces)
          .listeners(
              configs().stream()
                  .map(ListenerConfig::namespace)
                  .filter(Predicate.not(Namespace::isNameless))
                  .collect(Collectors.toSet()));
      tellGone();
      whenChanged.run();
    }
  }

  /** Clients whose listeners are no more get to know. From any thread. */
  void tellGone() {
    byLoop.values().forEach(ofLoop -> ofLoop.lane().execute(ofLoop::listenersGone));
  }

  /**
   * Nobody can be on the way any more who has come by what is not used now. Others may change
   * listeners again while it ends: connections to somebody outside can take long to close.
   */
  private void letGo(List<TransportHead> unused, int number) {
    List<Runnable> ends = new ArrayList<>();
    changing.lock();
    try {
      if (!closed) {
        unused.forEach(head -> letGo(head::letGo));
        if (number == changes) {
          letGo(() -> ends.addAll(Objects.requireNonNull(maker).keepOnly(configs())));
        }
      }
    } finally {
      changing.unlock();
    }
    ends.forEach(Listeners::letGo);
  }

  private static void letGo(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      log.error("what no listener needs any more cannot be let go", e);
    }
  }

  private List<ListenerConfig> configs() {
    return listeners.values().stream().map(Listener::config).toList();
  }

  /** Has somebody told when other listeners are there, or elsewhere. */
  public void whenChanged(Runnable told) {
    whenChanged = told;
  }

  /** What clients may do has changed: all of them get to know. From any thread. */
  public void accessChanged() {
    byLoop.values().forEach(ofLoop -> ofLoop.lane().execute(ofLoop::accessChanged));
  }

  /** Others are banned than before: all clients get to know. From any thread. */
  public void bansChanged() {
    byLoop.values().forEach(ofLoop -> ofLoop.lane().execute(ofLoop::bansChanged));
  }

  /** The connections of all event loops; none before it listens. */
  public Collection<EventLoopConnections> connectionsByLoop() {
    return List.copyOf(byLoop.values());
  }

  /** The connections of an event loop. */
  EventLoopConnections of(EventExecutor loop) {
    EventLoopConnections ofLoop = byLoop.get(loop);
    if (ofLoop == null) {
      throw new IllegalStateException("a channel on a foreign event loop");
    }
    return ofLoop;
  }

  SecureRandom random() {
    return random;
  }

  /** One more connection: whether it may be. {@link #left} must follow in any case. */
  boolean mayCome() {
    return connections.incrementAndGet() <= config.maxConnections();
  }

  /** One connection less. */
  void left() {
    connections.decrementAndGet();
  }

  /** The port of the first one. */
  public int port() {
    return port(ListenerConfig.DEFAULT_NAME);
  }

  /** The port that a listener listens on. */
  public int port(String name) {
    Listener listener = listeners.get(name);
    if (listener == null) {
      throw new NoSuchElementException("there is no listener " + name);
    }
    return listener.port();
  }

  /** The ports of all, by their names. */
  public Map<String, Integer> ports() {
    return listeners.values().stream()
        .collect(Collectors.toMap(listener -> listener.config().name(), Listener::port));
  }

  /** What there is to know of all, by their names. */
  public List<ListenerInfo> all() {
    ListenerMaker present = maker;
    boolean mayCome = !closed && connections.get() < config.maxConnections();
    return listeners.values().stream()
        .map(
            one ->
                one.info(present == null ? null : present.notAfter(one.config().name()), mayCome))
        .sorted(Comparator.comparing(ListenerInfo::name))
        .toList();
  }

  /** Those of the last change that are not there, or not as they are wanted. */
  public List<ListenerList.Failure> failures() {
    return failures.entrySet().stream()
        .map(one -> new ListenerList.Failure(one.getKey(), one.getValue()))
        .sorted(Comparator.comparing(ListenerList.Failure::listener))
        .toList();
  }

  /** Open connections, of all of them. */
  public int connections() {
    return connections.get();
  }

  /** Stops in order: no new clients, DISCONNECT to those of MQTT 5, then the end. */
  @Override
  public void close() {
    listeners.values().forEach(Listener::close); // at once: a change may take long
    changing.lock();
    try {
      closed = true;
      listeners.values().forEach(Listener::close);
    } finally {
      changing.unlock();
    }
    later.shutdownNow();
    byLoop.forEach(
        (loop, ofLoop) ->
            loop.submit(() -> ofLoop.lane().execute(ofLoop::shutDown)).awaitUninterruptibly());
    Listener.free(listeners.values());
    loops.close();
    ListenerMaker present = maker;
    if (present != null) {
      present.close();
    }
  }
}
