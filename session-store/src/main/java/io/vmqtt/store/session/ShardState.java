package io.vmqtt.store.session;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.ScopedName;
import io.vmqtt.model.TopicTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything a shard knows, without the messages themselves. Mutated by {@link #apply} only, on the
 * shard's thread; equal changes in equal order give equal states on every replica.
 */
public final class ShardState {
  private final Map<Long, Session> sessions = new HashMap<>();
  private final Map<String, Session> byClient = new HashMap<>();
  private final Map<Long, Estate> estates = new LinkedHashMap<>();
  private final Map<Namespace, NamespaceLoad> loads = new HashMap<>();
  private final Map<Long, NavigableSet<Long>> attachedByGateway = new HashMap<>();
  private final TopicTree<Subscriber> subscribers;
  private final Map<RouteKey, TreeMap<Long, Subscriber>> shareGroups = new HashMap<>();
  private final Map<RouteKey, Integer> routes = new HashMap<>();
  private final Set<RouteKey> changedRoutes = new HashSet<>();
  private final Map<Long, SeenKeys> producers = new HashMap<>();
  private final Map<Long, Integer> bodyReferences = new HashMap<>();
  private final NavigableSet<Alarm> alarms = new TreeSet<>();
  private final Map<Long, PendingPublish> publishes = new LinkedHashMap<>();
  private long lastNumber;
  private long turn;
  private long queued;
  private long inEstates;
  private boolean restored;

  private record Alarm(long atMillis, long session) implements Comparable<Alarm> {
    @Override
    public int compareTo(Alarm other) {
      int byTime = Long.compare(atMillis, other.atMillis);
      return byTime != 0 ? byTime : Long.compare(session, other.session);
    }
  }

  /**
   * @param hashSeed hard to guess; need not be the same on every replica
   */
  public ShardState(long hashSeed) {
    subscribers = new TopicTree<>(hashSeed);
  }

  // ---- reading

  public @Nullable Session session(long number) {
    return sessions.get(number);
  }

  public @Nullable Session sessionOf(String clientId) {
    return byClient.get(clientId);
  }

  public Collection<Session> sessions() {
    return Collections.unmodifiableCollection(sessions.values());
  }

  /** What ended sessions left to the other members of their share groups. */
  public Collection<Estate> estates() {
    return Collections.unmodifiableCollection(estates.values());
  }

  public @Nullable Estate estate(long session) {
    return estates.get(session);
  }

  /** What there is of a namespace. */
  public NamespaceLoad load(Namespace namespace) {
    NamespaceLoad load = loads.get(namespace);
    return load == null ? new NamespaceLoad(namespace) : load;
  }

  /** Gateways that own a session here. */
  public Set<Long> gateways() {
    return Collections.unmodifiableSet(attachedByGateway.keySet());
  }

  /** Sessions that are attached at the gateway, in the order of their numbers. */
  public NavigableSet<Long> attachedAt(long gateway) {
    NavigableSet<Long> attached = attachedByGateway.get(gateway);
    return attached == null ? Collections.emptyNavigableSet() : attached;
  }

  /** What the routers must know: filters and how many subscriptions each has. */
  public Map<RouteKey, Integer> routes() {
    return Collections.unmodifiableMap(routes);
  }

  /** Takes the keys whose number of subscriptions has changed since the last call. */
  public Set<RouteKey> takeChangedRoutes() {
    if (changedRoutes.isEmpty()) {
      return Set.of();
    }
    Set<RouteKey> taken = new HashSet<>(changedRoutes);
    changedRoutes.clear();
    return taken;
  }

  /** What no router has confirmed yet, oldest first. */
  public Collection<PendingPublish> pendingPublishes() {
    return Collections.unmodifiableCollection(publishes.values());
  }

  public @Nullable PendingPublish pendingPublish(long number) {
    return publishes.get(number);
  }

  /** The highest of the numbers that name sessions, epochs, bodies and pending publishes. */
  public long lastNumber() {
    return lastNumber;
  }

  /** How many turns members of share groups had. */
  public long turn() {
    return turn;
  }

  /** How many messages the shard has to publish by itself: wills, and what ended sessions left. */
  public long toPublish() {
    return inEstates + publishes.size();
  }

  /** How many messages all queues hold, and estates. */
  public long queued() {
    return queued;
  }

  /** When something is due next; {@link Long#MAX_VALUE}: nothing is. */
  public long nextDueMillis() {
    return alarms.isEmpty() ? SessionHeader.NEVER : alarms.first().atMillis();
  }

  /** Sessions for which something is due, at most so many. */
  List<Session> due(long nowMillis, int limit) {
    List<Session> due = new ArrayList<>();
    for (Alarm alarm : alarms) {
      Session session = sessions.get(alarm.session());
      if (alarm.atMillis() > nowMillis || due.size() == limit) {
        break;
      }
      if (session != null) {
        due.add(session);
      }
    }
    return due;
  }

  TopicTree<Subscriber> subscribers() {
    return subscribers;
  }

  /** The members of a share group by session. */
  Collection<Subscriber> membersOf(RouteKey group) {
    TreeMap<Long, Subscriber> members = shareGroups.get(group);
    return members == null ? List.of() : members.values();
  }

  /** Whether the publisher of that has had its answer. */
  public boolean isAnswered(PublishKey key) {
    SeenKeys seen = keysOf(key.producer());
    return seen == null || key.epoch() < seen.epoch() || key.sequence() < seen.lowWater();
  }

  /** Whether a producer has made that publish, or one after which it is not made again. */
  public boolean hasSeen(long producer, long epoch, long sequence) {
    SeenKeys seen = keysOf(producer);
    return seen != null && seen.epoch() == epoch && seen.isDone(sequence);
  }

  @Nullable SeenKeys keysOf(long producer) {
    return producers.get(producer);
  }

  /** Producers of whose publishes none is younger than that. */
  public List<Long> producersSilentSince(long millis) {
    List<Long> silent = new ArrayList<>();
    producers.forEach(
        (producer, keys) -> {
          if (keys.lastSeenAtMillis() < millis) {
            silent.add(producer);
          }
        });
    Collections.sort(silent);
    return silent;
  }

  // ---- changing

  /**
   * Makes a change that was decided on this state.
   *
   * @param released is told each body that nobody refers to any longer
   */
  public void apply(Change change, LongConsumer released) {
    switch (change) {
      case Change.SessionSaved saved -> save(saved.header());
      case Change.ExpiryLimited limited -> save(limited.header());
      case Change.SessionRemoved removed -> remove(removed.session(), released);
      case Change.SessionEnded ended -> end(ended, released);
      case Change.EstateSettled settled -> estates.remove(settled.session());
      case Change.ConnectionReplaced replaced -> {
        // for those who push
      }
      case Change.SubscriptionSaved saved -> subscribe(existing(saved.session()), saved.terms());
      case Change.SubscriptionRemoved removed ->
          unsubscribe(existing(removed.session()), removed.filterText());
      case Change.BodyStored stored -> {
        requireNew("body", stored.body());
        lastNumber = Math.max(lastNumber, stored.body());
      }
      case Change.Queued entry -> {
        long last = existing(entry.session()).lastSequence();
        requireNext("message", entry.session(), entry.sequence(), last);
        existing(entry.session()).sequenceUsed(entry.sequence());
        queue(
            entry.session(),
            entry.sequence(),
            entry.body(),
            entry.publication().bytes(),
            entry.share() != null);
      }
      case Change.Dequeued dequeued -> dequeue(dequeued.session(), dequeued.sequence(), released);
      case Change.Dropped dropped -> {
        existing(dropped.session()).dropped(1);
        dequeue(dropped.session(), dropped.sequence(), released);
      }
      case Change.Received received ->
          release(existing(received.session()).backlog().receive(received.sequence()), released);
      case Change.PacketIdAllotted allotted ->
          existing(allotted.session()).packetIds().allot(allotted.sequence(), allotted.packetId());
      case Change.InboundOpened opened -> {
        Session session = existing(opened.session());
        requireNext("publish", opened.session(), opened.sequence(), session.lastInbound());
        session.openInbound(opened.packetId(), opened.sequence());
      }
      case Change.InboundClosed closed ->
          existing(closed.session()).closeInbound(closed.packetId());
      case Change.KeySeen seen ->
          producers
              .computeIfAbsent(seen.key().producer(), producer -> new SeenKeys())
              .add(seen.key(), seen.seenAtMillis());
      case Change.KeyForgotten forgotten -> forget(forgotten.producer(), forgotten.sequence());
      case Change.Retained retained -> {
        // on disk only
      }
      case Change.PublishArmed armed -> {
        requireNew("publish", armed.publish().number());
        publishes.put(armed.publish().number(), armed.publish());
        lastNumber = Math.max(lastNumber, armed.publish().number());
      }
      case Change.PublishSettled removed -> publishes.remove(removed.number());
      case Change.TurnTaken taken -> turn++;
    }
  }

  /** Loads what is not told by changes. */
  public void restoreCounters(long restoredLastNumber, long restoredTurn) {
    lastNumber = restoredLastNumber;
    turn = restoredTurn;
  }

  /** Loads what an ended session left, without its messages. */
  public void restoreEstate(long session, long begunThrough) {
    estates.put(session, new Estate(session, begunThrough, new Backlog()));
  }

  /**
   * Loads an entry of a queue or an estate.
   *
   * @param shared whether it came by way of a share group
   * @param packetId what it was allotted; 0: nothing
   */
  public void restoreQueued(
      long session,
      long sequence,
      long body,
      int bytes,
      boolean shared,
      boolean received,
      int packetId) {
    Session known = sessions.get(session);
    if (known != null && packetId != 0) {
      known.packetIds().allot(sequence, packetId);
    }
    if (known != null && received) {
      known.backlog().addReceived(sequence);
      queued++;
    } else {
      inEstates += known == null ? 1 : 0;
      queue(session, sequence, body, bytes, shared);
    }
  }

  /** Loads the marks of a session's sequences. */
  public void restoreMarks(long session, long lastSequence, long lastInbound, long dropped) {
    Session known = existing(session);
    known.sequenceUsed(lastSequence);
    known.inboundUsed(lastInbound);
    known.dropped(dropped);
  }

  /** After loading: no route is news, and what changes must hold is checked from here on. */
  public void restored() {
    changedRoutes.clear();
    restored = true;
  }

  /** Numbers come from one counter and never repeat. */
  private void requireNew(String what, long number) {
    if (restored && number <= lastNumber) {
      throw new IllegalStateException(
          what + " " + number + " is not new: numbers up to " + lastNumber + " are given");
    }
  }

  /** Sequences grow by one. */
  private void requireNext(String what, long session, long sequence, long last) {
    if (restored && sequence != last + 1) {
      throw new IllegalStateException(
          what + " " + sequence + " of session " + session + " does not follow " + last);
    }
  }

  private Session existing(long number) {
    Session session = sessions.get(number);
    if (session == null) {
      throw new IllegalStateException("a change names session " + number + ", which is not there");
    }
    return session;
  }

  private void save(SessionHeader header) {
    Session session = sessions.get(header.number());
    if (session == null) {
      requireNew("session", header.number());
      requireNew("epoch", header.epoch());
      NamespaceLoad load =
          loads.computeIfAbsent(ScopedName.namespace(header.clientId()), NamespaceLoad::new);
      load.addSessions(1);
      session = new Session(header, load);
      sessions.put(header.number(), session);
      byClient.put(header.clientId(), session);
    } else {
      if (header.epoch() != session.header().epoch()) {
        requireNew("epoch", header.epoch());
      }
      unindex(session.header());
      session.header(header);
    }
    lastNumber = Math.max(lastNumber, Math.max(header.number(), header.epoch()));
    index(header);
  }

  private void index(SessionHeader header) {
    if (header.attached()) {
      attachedByGateway
          .computeIfAbsent(header.gateway(), gateway -> new TreeSet<>())
          .add(header.number());
    }
    if (header.wakeAtMillis() != SessionHeader.NEVER) {
      alarms.add(new Alarm(header.wakeAtMillis(), header.number()));
    }
  }

  private void unindex(SessionHeader header) {
    NavigableSet<Long> attached = attachedByGateway.get(header.gateway());
    if (header.attached() && attached != null) {
      attached.remove(header.number());
      if (attached.isEmpty()) {
        attachedByGateway.remove(header.gateway());
      }
    }
    alarms.remove(new Alarm(header.wakeAtMillis(), header.number()));
  }

  private void end(Change.SessionEnded ended, LongConsumer released) {
    Session session = existing(ended.session());
    Backlog left = session.backlog().shared();
    for (long sequence = left.first(); sequence != 0; sequence = left.after(sequence)) {
      session.backlog().remove(sequence);
      queued--;
    }
    remove(ended.session(), released);
    queued += left.size();
    inEstates += left.size();
    estates.put(ended.session(), new Estate(ended.session(), ended.begunThrough(), left));
  }

  private void remove(long number, LongConsumer released) {
    Session session = existing(number);
    for (Subscriber subscriber : session.subscriptions()) {
      leave(subscriber);
    }
    Backlog backlog = session.backlog();
    queued -= backlog.size();
    for (long sequence = backlog.first(); sequence != 0; sequence = backlog.after(sequence)) {
      release(backlog.bodyOf(sequence), released);
    }
    unindex(session.header());
    sessions.remove(number);
    byClient.remove(session.header().clientId(), session);
    NamespaceLoad load = session.load();
    load.addQueueBytes(-backlog.totalBytes());
    load.addSessions(-1);
    if (load.sessions() == 0) {
      loads.remove(load.namespace());
    }
  }

  private void subscribe(Session session, SubscriptionTerms terms) {
    Subscriber before = session.subscription(terms.filter().text());
    RouteKey key = RouteKey.of(terms.filter());
    Subscriber subscriber = new Subscriber(session, terms.like(anyOf(key)));
    session.subscribe(subscriber);
    if (key.group().isEmpty()) {
      subscribers.add(key.filter(), subscriber);
      if (before != null) {
        subscribers.remove(key.filter(), before);
      }
    } else {
      shareGroups.computeIfAbsent(key, group -> new TreeMap<>()).put(session.number(), subscriber);
    }
    if (before == null) {
      countRoute(key, 1);
    }
  }

  /** Somebody who subscribes to the same, if there is one. */
  private @Nullable Subscriber anyOf(RouteKey key) {
    if (key.group().isEmpty()) {
      return subscribers.any(key.filter());
    }
    TreeMap<Long, Subscriber> members = shareGroups.get(key);
    return members == null ? null : members.firstEntry().getValue();
  }

  private void unsubscribe(Session session, String filterText) {
    Subscriber subscriber = session.unsubscribe(filterText);
    if (subscriber != null) {
      leave(subscriber);
    }
  }

  private void leave(Subscriber subscriber) {
    RouteKey key = RouteKey.of(subscriber.terms().filter());
    if (key.group().isEmpty()) {
      subscribers.remove(key.filter(), subscriber);
    } else {
      TreeMap<Long, Subscriber> members = shareGroups.get(key);
      if (members != null) {
        members.remove(subscriber.session().number());
        if (members.isEmpty()) {
          shareGroups.remove(key);
        }
      }
    }
    countRoute(key, -1);
  }

  private void countRoute(RouteKey key, int difference) {
    int before = routes.getOrDefault(key, 0);
    int after = before + difference;
    if (after == 0) {
      routes.remove(key);
    } else {
      routes.put(key, after);
    }
    if (before == 0 || after == 0 || !key.group().isEmpty()) {
      changedRoutes.add(key);
    }
  }

  private void queue(long number, long sequence, long body, int bytes, boolean shared) {
    backlogOf(number).add(sequence, body, bytes, shared);
    queued++;
    if (body != 0) {
      bodyReferences.merge(body, 1, Integer::sum);
    }
  }

  private void dequeue(long number, long sequence, LongConsumer released) {
    Backlog backlog = backlogOf(number);
    if (backlog.contains(sequence)) {
      queued--;
      Session session = sessions.get(number);
      if (session == null) {
        inEstates--;
      } else {
        session.packetIds().left(sequence);
      }
      release(backlog.remove(sequence), released);
    }
  }

  private Backlog backlogOf(long number) {
    Session session = sessions.get(number);
    Estate estate = session == null ? estates.get(number) : null;
    return estate == null ? existing(number).backlog() : estate.left();
  }

  private void release(long body, LongConsumer released) {
    if (body != 0 && bodyReferences.merge(body, -1, Integer::sum) == 0) {
      bodyReferences.remove(body);
      released.accept(body);
    }
  }

  private void forget(long producer, long sequence) {
    SeenKeys keys = producers.get(producer);
    if (keys != null) {
      keys.remove(sequence);
      if (keys.isEmpty()) {
        producers.remove(producer);
      }
    }
  }
}
