package io.vmqtt.store.shard;

import io.vmqtt.cluster.placement.HashRing;
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
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes wills through routers until one of them confirms. Part of a leadership: a new leader
 * starts with all wills that are in the state. Used on the shard's thread.
 */
final class WillSender {
  private static final long RETRY_MILLIS = 5_000;

  private final int shard;
  private final ShardClock clock;
  private final LongConsumer done;
  private final Map<Long, Sent> unconfirmed = new HashMap<>();

  /** A will, and where and when it went last; no port: nowhere yet. */
  private record Sent(PendingWill will, @Nullable RouterPort port, long atMillis) {}

  /**
   * @param done is told the number of each will that needs to be sent no more
   */
  WillSender(int shard, ShardClock clock, LongConsumer done) {
    this.shard = shard;
    this.clock = clock;
    this.done = done;
  }

  void add(PendingWill will, Collection<RouterPort> ports) {
    send(will, ports, null);
  }

  /** A router has taken it, or never will need to. */
  void confirmed(long number) {
    if (unconfirmed.remove(number) != null) {
      done.accept(number);
    }
  }

  void linkDown(RouterPort port) {
    unconfirmed.replaceAll(
        (number, sent) -> sent.port() == port ? new Sent(sent.will(), null, 0) : sent);
  }

  /** Sends again what has waited too long. */
  void tick(Collection<RouterPort> ports) {
    long nowMillis = clock.uptimeMillis();
    List<Sent> late =
        unconfirmed.values().stream()
            .filter(sent -> sent.port() == null || nowMillis - sent.atMillis() >= RETRY_MILLIS)
            .toList();
    for (Sent sent : late) {
      send(sent.will(), ports, sent.port());
    }
  }

  int unconfirmed() {
    return unconfirmed.size();
  }

  private void send(
      PendingWill will, Collection<RouterPort> ports, @Nullable RouterPort lastTried) {
    if (will.expiresAtMillis() != 0 && will.expiresAtMillis() <= clock.wallMillis()) {
      unconfirmed.remove(will.number());
      done.accept(will.number());
      return;
    }
    RouterPort port = choose(will, ports, lastTried);
    unconfirmed.put(will.number(), new Sent(will, port, clock.uptimeMillis()));
    if (port == null) {
      return;
    }
    Message message =
        WireContent.message(will.publication()).toBuilder()
            .setExpiresAtMillis(will.expiresAtMillis())
            .build();
    Command.Key key =
        message.getQos() < 2
            ? null
            : new Command.Key(ShardRules.producer(shard, will.number()), 1, 1);
    port.routerLink().publish(new RouterLink.WillTicket(shard, will.number()), message, key);
    if (message.getQos() == 0) {
      confirmed(will.number());
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
