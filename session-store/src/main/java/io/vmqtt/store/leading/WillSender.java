package io.vmqtt.store.leading;

import io.vmqtt.cluster.placement.HashRing;
import io.vmqtt.model.ScopedName;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.PendingWill;
import io.vmqtt.store.session.ShardRules;
import io.vmqtt.store.wire.WireContent;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes wills through routers until one of them confirms. A router that refuses has given the
 * will to nobody, so it is tried again, with growing pauses, {@value #MOST_REFUSALS} times in all;
 * then it is dropped, and counted. One that does not answer may have given it to some: the key that
 * a will carries lets each destination take it once, however often it is sent. Part of a
 * leadership: a new leader starts with all wills that are in the state. Used on the shard's thread.
 */
final class WillSender {
  static final int MOST_REFUSALS = 6;

  private static final Logger log = LoggerFactory.getLogger(WillSender.class);
  private static final long FIRST_PAUSE_MILLIS = 5_000;
  private static final int MOST_DOUBLINGS = 6;

  /** Names the shard as the producer of all its wills; no session has this number. */
  private static final long WILLS = (1L << 48) - 1;

  private final int shard;
  private final StoreClock clock;
  private final LeadingCounts counts;
  private final LongConsumer done;
  private final NavigableMap<Long, Sent> unconfirmed = new TreeMap<>();

  /**
   * A will under way.
   *
   * @param port where it went last; null: nowhere, or it was refused there
   * @param dueMillis when it is sent again
   * @param times how often it was sent
   * @param refusals how often it was refused
   */
  private record Sent(
      PendingWill will, @Nullable RouterPort port, long dueMillis, int times, int refusals) {}

  /**
   * @param done is told the number of each will that needs to be sent no more
   */
  WillSender(int shard, StoreClock clock, LeadingCounts counts, LongConsumer done) {
    this.shard = shard;
    this.clock = clock;
    this.counts = counts;
    this.done = done;
  }

  void add(PendingWill will, Collection<RouterPort> ports) {
    unconfirmed.put(will.number(), new Sent(will, null, 0, 0, 0));
    send(will.number(), ports);
  }

  /** A router has taken it, or never will need to. */
  void confirmed(long number) {
    if (unconfirmed.remove(number) != null) {
      done.accept(number);
    }
  }

  /** A router has not taken it, and given it to nobody. */
  void refused(long number, int reasonCode) {
    Sent sent = unconfirmed.get(number);
    if (sent == null) {
      return;
    }
    int refusals = sent.refusals + 1;
    if (refusals == MOST_REFUSALS) {
      counts.willsDropped.increment();
      log.warn(
          "shard {} drops a will to {}: refused {} times, with 0x{}",
          shard,
          ScopedName.readable(sent.will.publication().topic()),
          refusals,
          Integer.toHexString(reasonCode));
      confirmed(number);
    } else {
      unconfirmed.put(number, new Sent(sent.will, null, pauseFrom(refusals), sent.times, refusals));
    }
  }

  /** What it was given last counts as unsent; what it refused keeps its pause. */
  void linkDown(RouterPort port) {
    unconfirmed.replaceAll(
        (number, sent) ->
            sent.port == port ? new Sent(sent.will, null, 0, sent.times, sent.refusals) : sent);
  }

  /** Sends again what has waited too long. */
  void tick(Collection<RouterPort> ports) {
    long nowMillis = clock.uptimeMillis();
    List<Long> due =
        unconfirmed.values().stream()
            .filter(sent -> sent.dueMillis <= nowMillis)
            .map(sent -> sent.will.number())
            .toList();
    due.forEach(number -> send(number, ports));
  }

  int unconfirmed() {
    return unconfirmed.size();
  }

  private long pauseFrom(int times) {
    int doublings = Math.min(times - 1, MOST_DOUBLINGS);
    return clock.uptimeMillis() + (FIRST_PAUSE_MILLIS << doublings);
  }

  private void send(long number, Collection<RouterPort> ports) {
    Sent sent = unconfirmed.get(number);
    if (sent == null) {
      return;
    }
    PendingWill will = sent.will;
    if (will.expiresAtMillis() != 0 && will.expiresAtMillis() <= clock.wallMillis()) {
      confirmed(number);
      return;
    }
    RouterPort port = choose(will, ports, sent.port);
    if (port == null) {
      unconfirmed.put(number, new Sent(will, null, 0, sent.times, sent.refusals));
      return;
    }
    int times = sent.times + 1;
    unconfirmed.put(number, new Sent(will, port, pauseFrom(times), times, sent.refusals));
    Message message =
        WireContent.message(will.publication()).toBuilder()
            .setExpiresAtMillis(will.expiresAtMillis())
            .build();
    Command.Key key =
        message.getQos() == 0
            ? null
            : new Command.Key(ShardRules.producer(shard, WILLS), number, unconfirmed.firstKey());
    boolean again = sent.times > sent.refusals;
    port.routerLink().publish(new RouterLink.WillTicket(shard, number), message, key, again);
    if (message.getQos() == 0) {
      confirmed(number);
    }
  }

  /** The router of the topic, or the next one if that did not answer. */
  private static @Nullable RouterPort choose(
      PendingWill will, Collection<RouterPort> ports, @Nullable RouterPort lastTried) {
    Map<String, RouterPort> byNode = new HashMap<>();
    for (RouterPort port : ports) {
      if (port != lastTried || ports.size() == 1) {
        byNode.put(port.nodeId(), port);
      }
    }
    Iterator<RouterPort> any = byNode.values().iterator();
    if (byNode.size() <= 1) {
      return any.hasNext() ? any.next() : null;
    }
    return HashRing.of(byNode.values(), RouterPort::nodeId).ownerOf(will.publication().topic());
  }
}
