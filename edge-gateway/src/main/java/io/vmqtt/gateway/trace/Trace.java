package io.vmqtt.gateway.trace;

import io.vmqtt.cluster.access.NamePattern;
import io.vmqtt.cluster.bans.Network;
import io.vmqtt.cluster.operation.TraceEvents;
import io.vmqtt.cluster.operation.TraceSpec;
import io.vmqtt.model.TopicFilter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written down, and the latest of what was: the oldest gives way. Event loops write,
 * operators read, each for moments. Safe from any thread.
 */
public final class Trace {
  /** What came before has given way. */
  static final int MOST_EVENTS = 4_096;

  private final TraceSpec spec;
  private final @Nullable NamePattern client;
  private final @Nullable Network network;
  private final @Nullable TopicFilter filter;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<TraceEvents.TraceEvent> events = new ArrayDeque<>();
  private long count;
  private volatile boolean ended;

  /**
   * Nothing is written down yet.
   *
   * @throws IllegalArgumentException if the address, or the filter, is none
   */
  Trace(TraceSpec spec, InstantSource clock) {
    this.spec = spec;
    this.client = spec.client() == null ? null : new NamePattern(spec.client());
    this.network = spec.address() == null ? null : Network.of(spec.address());
    this.filter = spec.filter() == null ? null : TopicFilter.parse(spec.filter());
    this.clock = clock;
  }

  TraceSpec spec() {
    return spec;
  }

  InstantSource clock() {
    return clock;
  }

  /** Whether nothing more is written down. */
  boolean isOver() {
    return ended || clock.millis() >= spec.untilMillis();
  }

  void end() {
    ended = true;
  }

  /** Whether it is about a client, whatever its namespace. */
  boolean isAbout(String clientId, @Nullable SocketAddress address) {
    return (client == null || client.matches(clientId))
        && (network == null
            || (address instanceof InetSocketAddress there
                && !there.isUnresolved()
                && network.contains(there.getAddress())));
  }

  /** Whether it is about a namespace. */
  boolean isAbout(String namespace) {
    return spec.namespace() == null || spec.namespace().equals(namespace);
  }

  /**
   * Whether it is about a packet of a client that it is about.
   *
   * @param topic null: it has none
   */
  boolean isAboutTopic(@Nullable String topic) {
    return filter == null || (topic != null && filter.matches(topic));
  }

  void add(TraceEvents.TraceEvent event) {
    lock.lock();
    try {
      if (events.size() == MOST_EVENTS) {
        events.removeFirst();
      }
      events.addLast(event);
      count++;
    } finally {
      lock.unlock();
    }
  }

  /** How many there were, those among them that have given way. */
  long count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** What was written down behind a number. */
  TraceEvents events(long after, int limit) {
    lock.lock();
    try {
      long gone = count - events.size();
      long from = Math.max(after, gone);
      List<TraceEvents.TraceEvent> told = events.stream().skip(from - gone).limit(limit).toList();
      return new TraceEvents(
          spec, isOver(), told, from + told.size(), from - after, from + told.size() < count);
    } finally {
      lock.unlock();
    }
  }
}
