package io.vmqtt.store.leading;

import io.vmqtt.model.Qos;
import io.vmqtt.store.delivery.QueueReader;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.Estate;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.ShardState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Has what ended sessions left published to the other members of their share groups, {@value
 * #MOST_UNDER_WAY} messages and 1 MiB at a time. A delivery of QoS 2 that may have begun goes to
 * nobody else [MQTT-4.8.2-5]. Part of a leadership: a new leader starts with all that is in the
 * state. Used on the shard's thread.
 */
final class Estates {
  static final int MOST_UNDER_WAY = 256;

  private static final int MAX_BYTES = 1 << 20;

  private final ShardState state;
  private final QueueReader queues;
  private final StoreClock clock;
  private final Consumer<Command> log;

  /** How far each estate was read that has more. */
  private final Map<Long, Long> readThrough = new LinkedHashMap<>();

  private int underWay;
  private long bytes;

  Estates(ShardState state, QueueReader queues, StoreClock clock, Consumer<Command> log) {
    this.state = state;
    this.queues = queues;
    this.clock = clock;
    this.log = log;
  }

  void opened(long session) {
    readThrough.put(session, 0L);
  }

  /** A message is with somebody else, or nobody can have it. */
  void settled(OwnPublish publish) {
    underWay--;
    bytes -= publish.publication().bytes();
    log.accept(new Command.LeftSettled(publish.name().session(), List.of(publish.name().number())));
  }

  /** Publishes as much as may be under way, once half of it is not. */
  void run(OwnPublishes publishes, Collection<RouterPort> ports) {
    if (underWay > MOST_UNDER_WAY / 2 || bytes > MAX_BYTES / 2) {
      return;
    }
    while (!readThrough.isEmpty() && underWay < MOST_UNDER_WAY && bytes < MAX_BYTES) {
      Map.Entry<Long, Long> first = readThrough.entrySet().iterator().next();
      Estate estate = state.estate(first.getKey());
      long from = estate == null ? 0 : estate.left().after(first.getValue());
      if (estate == null || from == 0) {
        readThrough.remove(first.getKey());
      } else {
        first.setValue(publish(estate, from, publishes, ports));
      }
    }
  }

  /** Publishes the next messages of an estate; returns the sequence of the last. */
  private long publish(
      Estate estate, long from, OwnPublishes publishes, Collection<RouterPort> ports) {
    List<QueueReader.Entry> entries =
        queues.read(estate.session(), from, MOST_UNDER_WAY - underWay, (int) (MAX_BYTES - bytes));
    List<Long> forNobody = new ArrayList<>();
    for (QueueReader.Entry entry : entries) {
      Publication publication = entry.publication();
      if (publication == null || entry.share() == null || isForNobody(estate, entry, publication)) {
        forNobody.add(entry.sequence());
      } else {
        underWay++;
        bytes += publication.bytes();
        publishes.add(
            new OwnPublish(
                new OwnPublish.Name(estate.session(), entry.sequence()),
                publication,
                publication.expiresAtMillis(),
                entry.share(),
                null),
            ports);
      }
    }
    if (!forNobody.isEmpty()) {
      log.accept(new Command.LeftSettled(estate.session(), forNobody));
    }
    return entries.getLast().sequence();
  }

  private boolean isForNobody(Estate estate, QueueReader.Entry entry, Publication publication) {
    boolean begun = entry.sequence() <= estate.begunThrough();
    return (begun && entry.delivery().qos() == Qos.EXACTLY_ONCE)
        || publication.isExpired(clock.wallMillis());
  }
}
