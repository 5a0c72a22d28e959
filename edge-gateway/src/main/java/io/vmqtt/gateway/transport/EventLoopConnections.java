package io.vmqtt.gateway.transport;

import io.vmqtt.gateway.link.Lane;
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

/** The connections of one event loop. Confined to it. */
public final class EventLoopConnections {
  /** So long one run of the loop tells connections that what they may do has changed. */
  static final long TELLING_NANOS = 1_000_000;

  private final Lane lane;
  private final LongSupplier nanoClock;
  private final ConnectionLog log;
  private final Set<MqttHandler> handlers = new LinkedHashSet<>();

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
    lane.whenMemoryIsFull(this::makeRoom);
  }

  public Lane lane() {
    return lane;
  }

  ConnectionLog log() {
    return log;
  }

  long nanoTime() {
    return nanoClock.getAsLong();
  }

  long currentTimeMillis() {
    return lane.currentTimeMillis();
  }

  void add(MqttHandler handler) {
    handlers.add(handler);
  }

  void remove(MqttHandler handler) {
    handlers.remove(handler);
  }

  boolean isEmpty() {
    return handlers.isEmpty();
  }

  /** To be called once a second. */
  public void checkClocks(long connectTimeoutNanos) {
    long now = nanoTime();
    new ArrayList<>(handlers).forEach(handler -> handler.checkClock(now, connectTimeoutNanos));
    if (lane.memory().isTight()) {
      // Those that have taken nothing for a while, and hold the memory that others wait for.
      letGo(MqttHandler::isStuck, lane.memory()::isTight);
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

  private void tell(Consumer<MqttHandler> word, Iterator<MqttHandler> left) {
    long began = nanoTime();
    while (left.hasNext() && nanoTime() - began < TELLING_NANOS) {
      word.accept(left.next());
    }
    if (left.hasNext()) {
      lane.execute(() -> tell(word, left));
    }
  }

  /** Ends all, in order. */
  public void shutDown() {
    new ArrayList<>(handlers).forEach(MqttHandler::shutDown);
  }
}
