package io.vmqtt.gateway.link;

import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.metrics.EventCounter;
import io.vmqtt.gateway.local.LocalSubscriptions;
import io.vmqtt.gateway.local.Recipient;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Qos;
import io.vmqtt.model.TopicFilter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a gateway says under {@code $SYS}, to transient sessions of its own clients in the nameless
 * namespace: no other process has work by it. Whoever subscribes gets the latest of each topic, as
 * if it was retained, and then what changes, all at QoS 0. Safe from any thread.
 *
 * <p>Bounded: {@link #MOST} topics at a time, and {@link #MOST_EVENTS} events in a second; further
 * ones are not told, and those events counted.
 */
public final class SystemTopics {
  static final int MOST = 1_000;

  static final int MOST_EVENTS = 1_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final String PREFIX = "$SYS/";

  private final LocalSubscriptions subscriptions;
  private final List<Lane> lanes;
  private final EventRate rate;
  private final EventCounter dropped;

  /** The latest by topic, never changed. */
  private volatile Map<String, Message> latest = Map.of();

  /**
   * @param lanes of the gateway, as soon as they are there
   */
  SystemTopics(
      LocalSubscriptions subscriptions,
      List<Lane> lanes,
      LongSupplier nanoClock,
      MeterRegistry registry) {
    this.subscriptions = subscriptions;
    this.lanes = lanes;
    this.rate = new EventRate(nanoClock);
    this.dropped =
        EventCounter.register(
            registry,
            "vmqtt.gateway.system.events.dropped",
            "events that nobody was told of under $SYS: there were too many");
  }

  /** So many events in each second and no more. */
  private static final class EventRate {
    private final LongSupplier nanoClock;
    private long second;
    private int left;

    EventRate(LongSupplier nanoClock) {
      this.nanoClock = nanoClock;
    }

    synchronized boolean mayTell() {
      long now = nanoClock.getAsLong() / NANOS_PER_SECOND;
      if (now != second) {
        second = now;
        left = MOST_EVENTS;
      }
      return left-- > 0;
    }
  }

  /**
   * These are the texts under a prefix from now on; who subscribes hears of those that are others
   * than before.
   *
   * @param prefix such as {@code $SYS/broker/}
   * @param texts by what stands behind the prefix
   */
  public synchronized void tell(String prefix, Map<String, String> texts) {
    Map<String, Message> now = new HashMap<>(latest);
    now.keySet().removeIf(topic -> topic.startsWith(prefix));
    List<Message> changed = new ArrayList<>();
    new TreeMap<>(texts)
        .forEach(
            (name, text) -> {
              if (now.size() < MOST) {
                Message message = message(prefix + name, text, true);
                Message before = latest.get(message.topic());
                now.put(message.topic(), message);
                if (before == null || !before.payload().equals(message.payload())) {
                  changed.add(message);
                }
              }
            });
    latest = now;
    if (isHeard()) {
      changed.forEach(this::deliver);
    }
  }

  /** Whether anybody subscribes any of it: else there is no need to tell. */
  public boolean isHeard() {
    return subscriptions.haveOfServer();
  }

  /**
   * Something has happened: who subscribes hears of it, once.
   *
   * @param text is asked for where somebody does
   */
  public void tellOnce(String topic, Supplier<String> text) {
    Message empty = message(topic, "", false);
    if (!recipients(empty).isEmpty()) {
      if (rate.mayTell()) {
        deliver(message(topic, text.get(), false));
      } else {
        dropped.increment();
      }
    }
  }

  private static Message message(String topic, String text, boolean retain) {
    return new Message(
        topic,
        ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer(),
        Qos.AT_MOST_ONCE,
        retain,
        MessageProperties.NONE,
        0,
        0);
  }

  private Map<Integer, List<Recipient>> recipients(Message message) {
    Map<Integer, List<Recipient>> byLane = new HashMap<>();
    subscriptions.readLock().lock();
    try {
      var _ =
          subscriptions.match(
              message,
              List.of(),
              recipient ->
                  byLane
                      .computeIfAbsent(recipient.subscriber().lane(), lane -> new ArrayList<>())
                      .add(recipient));
    } finally {
      subscriptions.readLock().unlock();
    }
    return byLane;
  }

  private void deliver(Message message) {
    recipients(message)
        .forEach(
            (index, recipients) -> {
              Lane lane = lanes.get(index);
              lane.execute(() -> lane.deliver(message, recipients, null));
            });
  }

  /**
   * The latest that a new subscription gets.
   *
   * @param filter as its session has it, with its namespace
   */
  List<Message> latest(TopicFilter filter) {
    if (!filter.filter().startsWith(PREFIX)) {
      return List.of();
    }
    return latest.values().stream().filter(one -> filter.matches(one.topic())).toList();
  }
}
