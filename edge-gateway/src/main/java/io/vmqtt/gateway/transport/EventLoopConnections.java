package io.vmqtt.gateway.transport;

import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.connection.Connection;
import io.vmqtt.gateway.link.Lane;
import io.vmqtt.gateway.trace.Trace;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The connections of one event loop. Confined to it. */
public final class EventLoopConnections {
  /** A connection at rest is looked at every so many seconds, whatever it said. */
  private static final int LONGEST_REST_SECONDS = 32;

  /** So long one run of the loop tells connections that what they may do has changed. */
  static final long TELLING_NANOS = 1_000_000;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Lane lane;
  private final LongSupplier nanoClock;
  private final ConnectionLog log;
  private final Set<MqttHandler> handlers = new LinkedHashSet<>();

  /** Those that are looked at every second. */
  private final Set<MqttHandler> awake = new LinkedHashSet<>();

  /** The others, by the second in which they are. */
  private final List<List<MqttHandler>> resting =
      Stream.generate(() -> (List<MqttHandler>) new ArrayList<MqttHandler>())
          .limit(LONGEST_REST_SECONDS)
          .toList();

  private final long startNanos;

  /** Up to this second since the start those that have rested for long enough are awake. */
  private long second;

  private long looks;

  /** Those that nobody asks about. */
  EventLoopConnections(Lane lane) {
    this(lane, new ConnectionLog(false));
  }

  /** Those that {@code log} tells about. */
  public EventLoopConnections(Lane lane, ConnectionLog log) {
    this(lane, log, System::nanoTime);
  }

  EventLoopConnections(Lane lane, ConnectionLog log, LongSupplier nanoClock) {
    this.lane = lane;
    this.log = log;
    this.nanoClock = nanoClock;
    this.startNanos = nanoClock.getAsLong();
    lane.whenMemoryIsFull(this::makeRoom);
  }

  public Lane lane() {
    return lane;
  }

  ConnectionLog log() {
    return log;
  }

  /** A client has its CONNACK. */
  void connected(Connection connection, @Nullable SocketAddress peer) {
    log.connected(connection, peer);
    Identity who = connection.identity();
    if (who != null) {
      lane.incidents().connected(who);
    }
  }

  long nanoTime() {
    return nanoClock.getAsLong();
  }

  long currentTimeMillis() {
    return lane.currentTimeMillis();
  }

  void add(MqttHandler handler) {
    handlers.add(handler);
    awake.add(handler);
  }

  void remove(MqttHandler handler) {
    handlers.remove(handler);
    awake.remove(handler);
  }

  boolean isEmpty() {
    return handlers.isEmpty();
  }

  /** How many are looked at every second: the others are at rest. */
  int awake() {
    return awake.size();
  }

  /** How often one was looked at. */
  long looks() {
    return looks;
  }

  /** To be called once a second. */
  public void checkClocks(long connectTimeoutNanos) {
    long now = nanoTime();
    endRest((now - startNanos) / NANOS_PER_SECOND);
    for (MqttHandler handler : new ArrayList<>(awake)) {
      looks++;
      rest(handler, handler.checkClock(now, connectTimeoutNanos));
    }
    if (lane.memory().isTight()) {
      // Those that have taken nothing for a while, and hold the memory that others wait for.
      letGo(MqttHandler::isStuck, lane.memory()::isTight);
    }
  }

  private void endRest(long latest) {
    second = Math.max(second, latest - LONGEST_REST_SECONDS);
    while (second < latest) {
      second++;
      List<MqttHandler> rested = restingUntil(second);
      long now = second;
      rested.forEach(handler -> handler.restIsOver(now));
      rested.clear();
    }
  }

  private List<MqttHandler> restingUntil(long end) {
    return resting.get(Math.floorMod(end, LONGEST_REST_SECONDS));
  }

  private void rest(MqttHandler handler, long nanos) {
    long seconds = Math.min(nanos / NANOS_PER_SECOND, LONGEST_REST_SECONDS);
    if (seconds > 1 && awake.remove(handler)) {
      handler.rest(second + seconds);
      restingUntil(second + seconds).add(handler);
    }
  }

  /** One that has been at rest is looked at within a second. */
  void awaken(MqttHandler handler) {
    if (handlers.contains(handler)) {
      awake.add(handler);
    }
  }

  /** Ends connections until no more waits than may: first those for which the most does. */
  private void makeRoom() {
    handlers.forEach(MqttHandler::recount);
    letGo(handler -> true, lane.memory()::isFull);
  }

  private void letGo(Predicate<MqttHandler> which, BooleanSupplier goesOn) {
    List<MqttHandler> most =
        handlers.stream()
            .filter(which)
            .filter(handler -> handler.waitingBytes() > 0)
            .sorted(
                Comparator.comparing(MqttHandler::isStuck)
                    .thenComparingLong(MqttHandler::waitingBytes)
                    .reversed())
            .toList();
    for (int i = 0; i < most.size() && goesOn.getAsBoolean(); i++) {
      most.get(i).tooSlow();
    }
  }

  /** What clients may do has changed. Each is told, a part of them in each run of the loop. */
  public void accessChanged() {
    tell(MqttHandler::accessChanged, List.copyOf(handlers).iterator());
  }

  /** Others are banned than before. Each is told in the same way. */
  public void bansChanged() {
    tell(MqttHandler::bansChanged, List.copyOf(handlers).iterator());
  }

  /** Listeners have gone. Each is told in the same way. */
  public void listenersGone() {
    tell(MqttHandler::listenersGone, List.copyOf(handlers).iterator());
  }

  /** Shows each client that is connected, in the same way, and has {@code then} run after it. */
  public void show(Consumer<ConnectedClient> viewer, Runnable then) {
    Consumer<MqttHandler> word =
        handler -> {
          ConnectedClient client = handler.client();
          if (client != null) {
            viewer.accept(client);
          }
        };
    tell(word, List.copyOf(handlers).iterator(), then);
  }

  /** Has each client written down that a trace is about, in the same way, and {@code then} run. */
  public void trace(Trace trace, Runnable then) {
    tell(handler -> handler.trace(trace), List.copyOf(handlers).iterator(), then);
  }

  private void tell(Consumer<MqttHandler> word, Iterator<MqttHandler> left) {
    tell(word, left, () -> {});
  }

  private void tell(Consumer<MqttHandler> word, Iterator<MqttHandler> left, Runnable then) {
    long began = nanoTime();
    while (left.hasNext() && nanoTime() - began < TELLING_NANOS) {
      word.accept(left.next());
    }
    if (left.hasNext()) {
      lane.execute(() -> tell(word, left, then));
    } else {
      then.run();
    }
  }

  /** Ends all, in order. */
  public void shutDown() {
    new ArrayList<>(handlers).forEach(MqttHandler::shutDown);
  }
}
