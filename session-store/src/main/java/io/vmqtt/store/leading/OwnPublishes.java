package io.vmqtt.store.leading;

import io.vmqtt.cluster.placement.HashRing;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.ScopedName;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.store.wire.WireContent;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what a shard has to publish by itself, through routers, until one of them confirms. A
 * router that refuses has given the message to nobody, so it is tried again, with growing pauses,
 * {@value #MOST_REFUSALS} times in all; then it is dropped, and counted. One that does not answer
 * may have given it to some: the key that the message carries lets each destination take it once,
 * however often it is sent. A will that its client may not publish any more is dropped, if nobody
 * can have it yet, as far as this leader knows. Part of a leadership: a new leader starts with all
 * that is in the state, not knowing what was sent before. Used on the shard's thread.
 */
final class OwnPublishes {
  static final int MOST_REFUSALS = 6;

  private static final Logger log = LoggerFactory.getLogger(OwnPublishes.class);
  private static final long FIRST_PAUSE_MILLIS = 5_000;
  private static final int MOST_DOUBLINGS = 6;

  /** So many topics of rules are tried for wills from one tick to the next: some milliseconds. */
  static final int MOST_TRIES = 100_000;

  private final int shard;
  private final StoreClock clock;
  private final LeadingCounts counts;
  private final WillJudge wills;
  private final LongSupplier lowestPending;
  private final Consumer<OwnPublish> done;
  private final NavigableMap<OwnPublish.Name, Sent> unconfirmed = new TreeMap<>();

  private int tries;

  /**
   * A message under way.
   *
   * @param port where it went last; null: nowhere, or it was refused there
   * @param dueMillis when it is sent again
   * @param times how often it was sent
   * @param refusals how often it was refused
   */
  private record Sent(
      OwnPublish publish, @Nullable RouterPort port, long dueMillis, int times, int refusals) {}

  /** The routers that {@link #ring} is of, by their ids. */
  private Map<String, RouterPort> ringOf = Map.of();

  private HashRing<RouterPort> ring = HashRing.of(List.of(), RouterPort::nodeId);

  /**
   * @param wills whether a will may still be published
   * @param lowestPending the least number of what the shard has to publish, and may not have given
   *     to this yet
   * @param done is told each message that needs to be sent no more
   */
  OwnPublishes(
      int shard,
      StoreClock clock,
      LeadingCounts counts,
      WillJudge wills,
      LongSupplier lowestPending,
      Consumer<OwnPublish> done) {
    this.shard = shard;
    this.clock = clock;
    this.counts = counts;
    this.wills = wills;
    this.lowestPending = lowestPending;
    this.done = done;
  }

  void add(OwnPublish publish, Collection<RouterPort> ports) {
    unconfirmed.put(publish.name(), new Sent(publish, null, 0, 0, 0));
    send(publish.name(), ports);
  }

  /**
   * A router has answered.
   *
   * @param reasonCode whether it was taken, and whether there was anybody to have it
   */
  void answered(OwnPublish.Name name, int reasonCode) {
    Sent sent = unconfirmed.get(name);
    if (sent == null) {
      return;
    }
    if (reasonCode >= ReasonCode.UNSPECIFIED_ERROR.value()) {
      refused(name, sent, reasonCode);
      return;
    }
    if (reasonCode == ReasonCode.NO_MATCHING_SUBSCRIBERS.value() && sent.publish.share() != null) {
      counts.leftDropped.increment();
    }
    over(name);
  }

  private void over(OwnPublish.Name name) {
    Sent sent = unconfirmed.remove(name);
    if (sent != null) {
      done.accept(sent.publish);
    }
  }

  private void refused(OwnPublish.Name name, Sent sent, int reasonCode) {
    int refusals = sent.refusals + 1;
    if (refusals == MOST_REFUSALS) {
      (sent.publish.share() == null ? counts.willsDropped : counts.leftDropped).increment();
      log.warn(
          "shard {} drops {} to {}: refused {} times, with 0x{}",
          shard,
          sent.publish.what(),
          ScopedName.readable(sent.publish.publication().topic()),
          refusals,
          Integer.toHexString(reasonCode));
      over(name);
    } else {
      unconfirmed.put(
          name, new Sent(sent.publish, null, pauseFrom(refusals), sent.times, refusals));
    }
  }

  /** What it was given last counts as unsent; what it refused keeps its pause. */
  void linkDown(RouterPort port) {
    unconfirmed.replaceAll(
        (name, sent) ->
            sent.port == port ? new Sent(sent.publish, null, 0, sent.times, sent.refusals) : sent);
  }

  /** Sends again what has waited too long. */
  void tick(Collection<RouterPort> ports) {
    tries = 0;
    long nowMillis = clock.uptimeMillis();
    List<OwnPublish.Name> due =
        unconfirmed.entrySet().stream()
            .filter(entry -> entry.getValue().dueMillis <= nowMillis)
            .map(Map.Entry::getKey)
            .toList();
    due.forEach(name -> send(name, ports));
  }

  int unconfirmed() {
    return unconfirmed.size();
  }

  private long pauseFrom(int times) {
    int doublings = Math.min(times - 1, MOST_DOUBLINGS);
    return clock.uptimeMillis() + (FIRST_PAUSE_MILLIS << doublings);
  }

  private void send(OwnPublish.Name name, Collection<RouterPort> ports) {
    Sent sent = unconfirmed.get(name);
    if (sent == null) {
      return;
    }
    OwnPublish publish = sent.publish;
    if (publish.expiresAtMillis() != 0 && publish.expiresAtMillis() <= clock.wallMillis()) {
      over(name);
      return;
    }
    boolean again = sent.times > sent.refusals;
    RouterPort port = choose(publish, ports, sent.port);
    // Some may have what was sent before: then the others are to have it, too.
    WillJudge.Verdict verdict = again || port == null ? WillJudge.Verdict.ALLOWED : judge(publish);
    if (verdict == WillJudge.Verdict.FORBIDDEN) {
      counts.willsForbidden.increment();
      over(name);
      return;
    }
    if (port == null || verdict == WillJudge.Verdict.UNKNOWN) {
      unconfirmed.put(name, new Sent(publish, null, 0, sent.times, sent.refusals));
      return;
    }
    int times = sent.times + 1;
    unconfirmed.put(name, new Sent(publish, port, pauseFrom(times), times, sent.refusals));
    Message message =
        WireContent.message(publish.publication()).toBuilder()
            .setExpiresAtMillis(publish.expiresAtMillis())
            .build();
    PublishKey key = message.getQos() == 0 ? null : name.key(shard, lowest(name));
    port.routerLink()
        .publish(new RouterLink.Ticket(shard, name), message, key, publish.share(), again);
    if (message.getQos() == 0) {
      over(name);
    }
  }

  /** A will of which this is not known yet, or not before the next tick, waits. */
  private WillJudge.Verdict judge(OwnPublish publish) {
    if (tries >= MOST_TRIES) {
      return WillJudge.Verdict.UNKNOWN;
    }
    tries += wills.tries(publish.owner(), publish.publication());
    return wills.judge(publish.owner(), publish.publication());
  }

  /** Nothing before it will be sent: neither of what is under way, nor of what has to wait yet. */
  private long lowest(OwnPublish.Name name) {
    OwnPublish.Name underWay = unconfirmed.ceilingKey(name.first());
    long lowest = underWay == null ? name.number() : underWay.number();
    return name.session() == 0 ? Math.min(lowest, lowestPending.getAsLong()) : lowest;
  }

  /** The router of the topic, or the next one if that did not answer. */
  private @Nullable RouterPort choose(
      OwnPublish publish, Collection<RouterPort> ports, @Nullable RouterPort lastTried) {
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
    if (!byNode.equals(ringOf)) {
      ringOf = byNode;
      ring = HashRing.of(byNode.values(), RouterPort::nodeId);
    }
    return ring.ownerOf(publish.publication().topic());
  }
}
