package io.vmqtt.store.session;

import io.vmqtt.model.Delivery;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom a message reaches and how: matching, overlapping subscriptions, share groups, queues. Other
 * receivers may have the message already when it comes here, so a full queue never refuses it: the
 * bound is that of one session, and what gives way is that session's alone.
 */
final class PublishRules {
  /** For the publish of a connection whose client has gone on with another one. */
  private static final Reply FENCED = new Reply.Refused(ReasonCode.UNSPECIFIED_ERROR.value());

  private final ShardState state;
  private QueueLimits limits;
  private final KeyRules keys;
  private final SessionEnds ends;

  /** Matches of the publish at hand: kept, so that matching allocates nothing. */
  private final List<Subscriber> matches = new ArrayList<>();

  /** By how many bytes the publish at hand lets the queues of its namespace grow. */
  private long growth;

  /** Turns for messages of QoS 0: they change no state, so this is none either. */
  private long unloggedTurn;

  PublishRules(ShardState state, QueueLimits limits, SessionEnds ends) {
    this.state = state;
    this.ends = ends;
    this.limits = limits;
    this.keys = new KeyRules(state);
  }

  void decideBy(QueueLimits newLimits) {
    limits = newLimits;
  }

  /**
   * One delivery: a session, and what its subscriptions together make of the message.
   *
   * @param share the share group in which it is the session's turn; null: none
   */
  private record Receiver(Session session, Delivery delivery, @Nullable RouteKey share) {}

  Decision publish(Command.Publish publish, long timeMillis) {
    Publication publication = publish.publication();
    boolean retains = publish.keep() && !publish.deliver();
    PublishKey key = retains ? publish.retainingKey() : publish.key();
    List<Change> changes = new ArrayList<>();
    if (key != null) {
      if (keys.isFenced(key) || (retains && keys.isLate(key))) {
        return Decision.of(FENCED);
      }
      if (!keys.isNew(key, timeMillis, changes)) {
        return Decision.of(Reply.DONE, changes);
      }
    }
    if (publish.keep()) {
      boolean kept = !publication.empty();
      changes.add(new Change.Retained(publication.topic(), kept ? publication : null));
    }
    if (publication.isExpired(timeMillis)) {
      return Decision.of(Reply.DONE, changes);
    }
    List<Receiver> receivers = receivers(publish, changes);
    return deliver(publication, receivers, changes);
  }

  Decision enqueue(Session session, Command.Enqueue enqueue, long timeMillis) {
    if (!fits(session, enqueue.messages())) {
      return Decision.of(new Reply.Enqueued(true, session.lastSequence()));
    }
    List<Change> changes = new ArrayList<>(enqueue.messages().size() + 1);
    PublishKey key = enqueue.key();
    if (key != null && !keys.isNew(key, timeMillis, changes)) {
      return Decision.of(new Reply.Enqueued(false, session.lastSequence()), changes);
    }
    List<Integer> identifiers =
        enqueue.identifier() == 0 ? List.of() : List.of(enqueue.identifier());
    long sequence = session.lastSequence();
    for (Publication message : enqueue.messages()) {
      changes.add(
          new Change.Queued(
              session.number(),
              ++sequence,
              0,
              message,
              Delivery.of(message.qos(), true, identifiers)));
    }
    return Decision.of(new Reply.Enqueued(false, sequence), changes);
  }

  /**
   * A message for one session alone, if one of its own subscriptions matches. Nobody has it yet, so
   * where queues refuse what is new, one that is full does.
   */
  Decision deliver(Session session, Publication publication) {
    List<Subscriber> own =
        session.subscriptions().stream()
            .filter(one -> !one.terms().filter().isShared())
            .filter(one -> one.terms().filter().matches(publication.topic()))
            .sorted(Subscriber::compare)
            .toList();
    if (own.isEmpty()) {
      return Decision.of(Reply.DONE);
    }
    Receiver receiver = merge(publication, own, null);
    return receiver.delivery().qos() != Qos.AT_MOST_ONCE && refusesMore(session)
        ? Decision.of(new Reply.Refused(ReasonCode.QUOTA_EXCEEDED.value()))
        : deliver(publication, List.of(receiver), new ArrayList<>());
  }

  private boolean refusesMore(Session session) {
    Backlog backlog = session.backlog();
    return switch (limits.overflow()) {
      case DROP_OLDEST -> false;
      case REJECT_NEW ->
          limits.isFull(backlog.size(), backlog.totalBytes(), false)
              || limits.isFull(session.load(), false);
    };
  }

  /** What is read for a session never drives out, or keeps out, what is published to it. */
  private boolean fits(Session session, List<Publication> messages) {
    int size = session.backlog().size();
    long bytes = session.backlog().totalBytes();
    for (Publication message : messages) {
      if (limits.isFull(size, bytes, false)) {
        return false;
      }
      size++;
      bytes += message.bytes();
      if (!limits.takes(session.load(), bytes - session.backlog().totalBytes())) {
        return false;
      }
    }
    return true;
  }

  private List<Receiver> receivers(Command.Publish publish, List<Change> changes) {
    Publication publication = publish.publication();
    matches.clear();
    if (publish.deliver()) {
      state.subscribers().match(publication.topic(), matches::add);
      matches.removeIf(match -> match.terms().noLocal() && match.session().published(publication));
    }
    if (matches.size() > 1) {
      matches.sort(Subscriber::compare);
    }
    List<Receiver> receivers = new ArrayList<>(matches.size());
    for (int from = 0; from < matches.size(); ) {
      int to = from + 1;
      while (to < matches.size() && matches.get(to).session() == matches.get(from).session()) {
        to++;
      }
      receivers.add(merge(publication, matches.subList(from, to), null));
      from = to;
    }
    addMembers(publish, receivers, changes);
    return receivers;
  }

  /** Each in a delivery of its own, whatever else its session subscribes to. */
  private void addMembers(Command.Publish publish, List<Receiver> receivers, List<Change> changes) {
    long turn = state.turn();
    for (RouteKey group : publish.shares()) {
      boolean unlogged = publish.publication().qos() == Qos.AT_MOST_ONCE;
      Subscriber chosen = memberOf(group, unlogged ? unloggedTurn++ : turn);
      if (chosen != null) {
        receivers.add(merge(publish.publication(), List.of(chosen), group));
        if (!unlogged) {
          turn++;
          changes.add(new Change.TurnTaken());
        }
      } else if (!unlogged) {
        changes.add(left(publish.publication(), group, changes));
      }
    }
  }

  /** The last member has gone since the message left its router: there may be others elsewhere. */
  private Change left(Publication publication, RouteKey group, List<Change> changes) {
    return new Change.PublishArmed(
        PendingPublish.ofLeft(ends.nextNumber(changes), publication, group));
  }

  /** Overlapping subscriptions make one delivery at the highest of their QoS [MQTT-3.3.4-2]. */
  private static Receiver merge(
      Publication publication, List<Subscriber> subscribers, @Nullable RouteKey share) {
    Qos qos = Qos.AT_MOST_ONCE;
    boolean retain = false;
    List<Integer> identifiers = List.of();
    for (Subscriber subscriber : subscribers) {
      SubscriptionTerms terms = subscriber.terms();
      qos = qos.max(terms.maximumQos());
      retain |= terms.retainAsPublished() && publication.retain();
      if (terms.identifier() != 0) {
        identifiers = plus(identifiers, terms.identifier());
      }
    }
    Session session = subscribers.getFirst().session();
    return new Receiver(
        session, Delivery.of(qos.min(publication.qos()), retain, identifiers), share);
  }

  private static List<Integer> plus(List<Integer> identifiers, int identifier) {
    if (identifiers.isEmpty()) {
      return List.of(identifier);
    }
    List<Integer> more = new ArrayList<>(identifiers);
    more.add(identifier);
    return more;
  }

  /** The member whose turn it is: with room in its queue and a connection first [MQTT5 4.8.2]. */
  private @Nullable Subscriber memberOf(RouteKey group, long turn) {
    Collection<Subscriber> members = state.membersOf(group);
    int best = 0;
    int count = 0;
    for (Subscriber member : members) {
      int rank = rank(member.session());
      if (rank > best) {
        count = 0;
      }
      count += rank >= best ? 1 : 0;
      best = Math.max(best, rank);
    }
    long nth = count == 0 ? 0 : Math.floorMod(turn, count);
    for (Subscriber member : members) {
      if (rank(member.session()) == best && nth-- == 0) {
        return member;
      }
    }
    return null;
  }

  /** How welcome a message is there. */
  private int rank(Session session) {
    Backlog backlog = session.backlog();
    boolean full = limits.isFull(backlog.size(), backlog.totalBytes(), false);
    return (full ? 0 : 2) + (session.header().attached() ? 1 : 0);
  }

  private Decision deliver(
      Publication publication, List<Receiver> receivers, List<Change> changes) {
    List<Decision.DirectPush> pushes = new ArrayList<>();
    List<Receiver> takers = new ArrayList<>(receivers.size());
    growth = 0;
    for (Receiver receiver : receivers) {
      if (receiver.delivery().qos() == Qos.AT_MOST_ONCE) {
        if (receiver.session().header().attached()) {
          pushes.add(
              new Decision.DirectPush(
                  receiver.session().number(), publication, receiver.delivery()));
        }
      } else {
        int more = earlier(takers, takers.size(), receiver);
        if (makeRoom(receiver.session(), publication.bytes(), more, changes)) {
          takers.add(receiver);
        }
      }
    }
    long body = 0;
    if (takers.size() > 1) {
      body = ends.nextNumber(changes);
      changes.add(new Change.BodyStored(body, publication));
    }
    for (int i = 0; i < takers.size(); i++) {
      Receiver taker = takers.get(i);
      changes.add(
          new Change.Queued(
              taker.session().number(),
              taker.session().lastSequence() + 1 + earlier(takers, i, taker),
              body,
              publication,
              taker.delivery(),
              taker.share()));
    }
    return new Decision(Reply.DONE, changes, pushes);
  }

  /** How many of the first so many are of the same session: more than none only with groups. */
  private static int earlier(List<Receiver> takers, int end, Receiver receiver) {
    int count = 0;
    if (receiver.share() != null) {
      for (Receiver taker : takers.subList(0, end)) {
        count += taker.session() == receiver.session() ? 1 : 0;
      }
    }
    return count;
  }

  /**
   * Has the oldest messages of a full queue, or of one of a full namespace, give way whose delivery
   * has not begun; where they do not make room, the new message is the one that goes.
   *
   * @param more how often the queue takes it already
   * @return whether the queue takes the new message
   */
  private boolean makeRoom(Session session, int newBytes, int more, List<Change> changes) {
    Backlog backlog = session.backlog();
    int size = backlog.size() + more;
    long bytes = backlog.totalBytes() + (long) more * newBytes;
    long grown = growth + newBytes;
    if (takes(session, size, bytes, newBytes, grown)) {
      growth = grown;
      return true;
    }
    List<Change> drops = new ArrayList<>(1);
    long oldest = backlog.after(session.begunThrough());
    for (Change change : more == 0 ? List.<Change>of() : changes) {
      if (change instanceof Change.Dropped gone && gone.session() == session.number()) {
        size--;
        bytes -= backlog.bytesOf(gone.sequence());
        oldest = backlog.after(gone.sequence());
      }
    }
    while (oldest != 0 && !takes(session, size, bytes, newBytes, grown)) {
      drops.add(new Change.Dropped(session.number(), oldest));
      size--;
      bytes -= backlog.bytesOf(oldest);
      grown -= backlog.bytesOf(oldest);
      oldest = backlog.after(oldest);
    }
    boolean taken = takes(session, size, bytes, newBytes, grown);
    if (taken) {
      growth = grown;
      changes.addAll(drops);
    } else {
      changes.add(new Change.Dropped(session.number(), Change.Dropped.NEVER_QUEUED));
    }
    return taken;
  }

  /**
   * Whether a queue, as it would be, takes one more message, and so does its namespace.
   *
   * @param grown by so much the queues of the namespace would have grown then
   */
  private boolean takes(Session session, int size, long bytes, int newBytes, long grown) {
    return limits.takes(size, bytes, newBytes) && limits.takes(session.load(), grown);
  }
}
