package io.vmqtt.gateway.listener;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import io.vmqtt.cluster.machine.FileLimit;
import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.bans.LiveBans;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.link.Gateway;
import io.vmqtt.gateway.link.Lane;
import io.vmqtt.gateway.transport.ConnectionLog;
import io.vmqtt.gateway.transport.EventLoopConnections;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All listeners of a gateway, the event loops of their connections, and how many there may be. */
public final class Listeners implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  private final GatewayConfig config;
  private final EventLoops loops;
  private final SecureRandom random = new SecureRandom();
  private final AtomicInteger connections = new AtomicInteger();
  private final Map<EventExecutor, EventLoopConnections> byLoop = new HashMap<>();
  private final List<Listener> listeners = new ArrayList<>();

  /** Null while nobody listens. */
  private @Nullable TransportHeads heads;

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
  public void open(
      Gateway behind,
      Function<ListenerConfig, Access> access,
      LiveBans bans,
      MeterRegistry registry)
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
    heads = new TransportHeads(config, registry);
    for (ListenerConfig one : config.listeners()) {
      ListenerMetrics metrics = new ListenerMetrics(registry, one.name());
      Listener listener =
          new Listener(
              one,
              heads.head(one, new Doorkeeper(bans, one.rates(), metrics, System::nanoTime)),
              access.apply(one),
              behind.namespaces(),
              this,
              metrics);
      listeners.add(listener);
      listener.open(loops);
      if (!one.isDefault()) {
        log.info("listener {} is at {}:{}", one.name(), one.host(), listener.port());
      }
    }
    log.info(
        "at most {} connections of clients; the limit of open files (ulimit -n) is {}",
        config.maxConnections(),
        FileLimit.current());
  }

  /** What clients may do has changed: all of them get to know. From any thread. */
  public void accessChanged() {
    byLoop.values().forEach(ofLoop -> ofLoop.lane().execute(ofLoop::accessChanged));
  }

  /** Others are banned than before: all clients get to know. From any thread. */
  public void bansChanged() {
    byLoop.values().forEach(ofLoop -> ofLoop.lane().execute(ofLoop::bansChanged));
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
    return port(config.listeners().getFirst().name());
  }

  /** The port that a listener listens on. */
  public int port(String name) {
    return listeners.stream()
        .filter(listener -> listener.name().equals(name))
        .findFirst()
        .orElseThrow()
        .port();
  }

  /** The ports of all, by their names. */
  public Map<String, Integer> ports() {
    return listeners.stream().collect(Collectors.toMap(Listener::name, Listener::port));
  }

  /** Open connections, of all of them. */
  public int connections() {
    return connections.get();
  }

  /** Stops in order: no new clients, DISCONNECT to those of MQTT 5, then the end. */
  @Override
  public void close() {
    listeners.forEach(Listener::close);
    byLoop.forEach(
        (loop, ofLoop) ->
            loop.submit(() -> ofLoop.lane().execute(ofLoop::shutDown)).awaitUninterruptibly());
    loops.close();
    if (heads != null) {
      heads.close();
    }
  }
}
