package io.vmqtt.store.session;

import io.vmqtt.model.PublishKey;
import io.vmqtt.model.TopicFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What comes of a command in a state: reply and changes. Never changes anything itself, and comes
 * out the same on every replica: time comes with the command, chance not at all.
 */
public final class ShardRules {
  /** How many sessions one command about many of them handles. */
  static final int SESSIONS_AT_ONCE = 512;

  /** So many messages at most are given up in one piece: others of the shard wait meanwhile. */
  private static final int CLEARED_AT_ONCE = 1_000;

  /** A page of subscriptions ends when the texts of its filters have so many characters. */
  static final int PAGE_CHARACTERS = 64 << 10;

  private final ShardState state;
  private final SessionEnds ends;
  private final PublishRules publishes;
  private QueueLimits limits;
  private final int shard;

  public ShardRules(int shard, ShardState state, QueueLimits limits) {
    this.shard = shard;
    this.state = state;
    this.limits = limits;
    this.ends = new SessionEnds(state);
    this.publishes = new PublishRules(state, limits, ends);
  }

  /** From now on these bounds are in force: those of the leader that wrote the log entry. */
  public void decideBy(QueueLimits newLimits) {
    limits = newLimits;
    publishes.decideBy(newLimits);
  }

  /**
   * Decides a command.
   *
   * @param timeMillis time of the entry that carries it, milliseconds since 1970
   */
  public Decision decide(Command command, long timeMillis) {
    return switch (command) {
      case Command.Publish publish -> publishes.publish(publish, timeMillis);
      case Command.Attach attach -> new AttachRules(state, ends).attach(attach, timeMillis);
      case Command.Detach detach -> detach(detach, timeMillis);
      case Command.Owned owned -> owned(owned, timeMillis);
      case Command.GatewayGone gone -> gatewayGone(gone.gateway(), timeMillis);
      case Command.Due due -> due(timeMillis);
      case Command.PublishTaken published ->
          state.pendingPublish(published.number()) == null
              ? Decision.of(Reply.DONE)
              : Decision.of(Reply.DONE, List.of(new Change.PublishSettled(published.number())));
      case Command.LeftSettled settled -> leftSettled(settled);
      case Command.HandOn handOn -> handOn(handOn);
      case Command.Pass pass -> Decision.of(Reply.DONE);
      case Command.Refuse refuse -> Decision.of(new Reply.Refused(refuse.reasonCode()));
      case Command.Expire expire -> expire(expire);
      case Command.ClearQueue clear -> clearQueue(clear);
      case Command.Deliver deliver -> deliver(deliver);
      case Command.LimitExpiry limit -> limitExpiry(limit);
      case Command.AllotPacketId allot -> allotPacketId(allot.session(), allot.sequence());
    };
  }

  private Decision owned(Command.Owned command, long timeMillis) {
    Session session = state.session(command.session());
    if (session == null || !isOwner(session, command)) {
      return notOwner(command, session);
    }
    return switch (command) {
      case Command.Detach detach -> throw new IllegalStateException("decided elsewhere");
      case Command.Subscribe subscribe -> subscribe(session, subscribe);
      case Command.Unsubscribe unsubscribe -> unsubscribe(session, unsubscribe.filters());
      case Command.ReadSubscriptions read -> subscriptions(session, read.afterFilter());
      case Command.Acknowledge acknowledge -> acknowledge(session, acknowledge.sequences());
      case Command.Receive receive -> receive(session, receive.sequences());
      case Command.BeginInbound begin -> beginInbound(session, begin.packetId());
      case Command.EndInbound end -> endInbound(session, end.packetId());
      case Command.Enqueue enqueue -> publishes.enqueue(session, enqueue, timeMillis);
    };
  }

  /** Whether the attachment is the session's present one. */
  public static boolean isOwner(Session session, Command.Owned command) {
    return session.header().attached() && session.header().epoch() == command.epoch();
  }

  private static Decision notOwner(Command.Owned command, @Nullable Session session) {
    String state =
        session == null
            ? "there is no such session"
            : "its epoch is "
                + session.header().epoch()
                + ", attached: "
                + session.header().attached();
    return Decision.of(
        new Reply.Failure(
            Reply.Reason.NOT_OWNER,
            "session " + command.session() + " epoch " + command.epoch() + ": " + state));
  }

  private Decision detach(Command.Detach detach, long timeMillis) {
    Session session = state.session(detach.session());
    if (session == null) {
      return Decision.of(Reply.DONE);
    }
    if (!isOwner(session, detach)) {
      boolean again = session.header().epoch() == detach.epoch();
      return again ? Decision.of(Reply.DONE) : notOwner(detach, session);
    }
    Long newExpiry = detach.newExpirySeconds();
    long expiry = newExpiry == null ? session.header().expirySeconds() : newExpiry;
    long sent = Math.max(session.header().sentThrough(), detach.sentThrough());
    return Decision.of(Reply.DONE, ends.detach(session, detach.normal(), expiry, sent, timeMillis));
  }

  private static Decision subscribe(Session session, Command.Subscribe command) {
    List<SubscriptionTerms> subscriptions = command.subscriptions();
    int room =
        command.maxSubscriptions() == 0
            ? Integer.MAX_VALUE
            : command.maxSubscriptions() - session.subscriptionCount();
    List<Integer> noRoom = new ArrayList<>(0);
    List<Boolean> existed = new ArrayList<>(subscriptions.size());
    List<Change> changes = new ArrayList<>(subscriptions.size());
    Set<String> named = new HashSet<>();
    for (SubscriptionTerms terms : subscriptions) {
      String text = terms.filter().text();
      Subscriber before = session.subscription(text);
      boolean again = named.contains(text);
      existed.add(before != null || again);
      if (before == null && !again && room-- <= 0) {
        noRoom.add(existed.size() - 1);
        continue;
      }
      named.add(text);
      if (again || before == null || !before.terms().equals(terms)) {
        changes.add(new Change.SubscriptionSaved(session.number(), terms));
      }
    }
    return Decision.of(new Reply.Subscribed(existed, noRoom), changes);
  }

  private static Decision unsubscribe(Session session, List<TopicFilter> filters) {
    List<Boolean> existed = new ArrayList<>(filters.size());
    List<Change> changes = new ArrayList<>(filters.size());
    Set<String> named = new HashSet<>();
    for (TopicFilter filter : filters) {
      String text = filter.text();
      boolean there = session.subscription(text) != null && named.add(text);
      existed.add(there);
      if (there) {
        changes.add(new Change.SubscriptionRemoved(session.number(), text));
      }
    }
    return Decision.of(new Reply.Unsubscribed(existed), changes);
  }

  private static Decision subscriptions(Session session, String after) {
    List<SubscriptionTerms> page = new ArrayList<>();
    int left = PAGE_CHARACTERS;
    for (String text : new TreeSet<>(session.filterTexts()).tailSet(after, false)) {
      if (left <= 0) {
        return Decision.of(new Reply.SubscriptionsPage(page, page.getLast().filter().text()));
      }
      Subscriber subscriber = session.subscription(text);
      if (subscriber != null) {
        page.add(subscriber.terms());
        left -= text.length();
      }
    }
    return Decision.of(new Reply.SubscriptionsPage(page, ""));
  }

  private static Decision acknowledge(Session session, List<Long> sequences) {
    List<Change> changes = new ArrayList<>(sequences.size());
    for (long sequence : sequences) {
      if (session.backlog().contains(sequence)) {
        changes.add(new Change.Dequeued(session.number(), sequence));
      }
    }
    return Decision.of(Reply.DONE, changes);
  }

  private static Decision receive(Session session, List<Long> sequences) {
    List<Change> changes = new ArrayList<>(sequences.size());
    Backlog backlog = session.backlog();
    for (long sequence : sequences) {
      if (backlog.contains(sequence) && !backlog.isReceived(sequence)) {
        changes.add(new Change.Received(session.number(), sequence));
      }
    }
    return Decision.of(Reply.DONE, changes);
  }

  private Decision beginInbound(Session session, int packetId) {
    Long open = session.inbound(packetId);
    long sequence = open == null ? session.lastInbound() + 1 : open;
    PublishKey key =
        new PublishKey(
            producer(shard, session.number()),
            sequence,
            Math.min(sequence, session.inboundLowWater()));
    List<Change> changes =
        open == null
            ? List.of(new Change.InboundOpened(session.number(), packetId, sequence))
            : List.of();
    return Decision.of(new Reply.InboundBegun(key), changes);
  }

  private static Decision endInbound(Session session, int packetId) {
    return session.inbound(packetId) == null
        ? Decision.of(Reply.DONE)
        : Decision.of(Reply.DONE, List.of(new Change.InboundClosed(session.number(), packetId)));
  }

  private Decision gatewayGone(long gateway, long timeMillis) {
    List<Change> changes = new ArrayList<>();
    int left = SESSIONS_AT_ONCE;
    for (long number : state.attachedAt(gateway)) {
      Session session = state.session(number);
      if (session != null) {
        changes.addAll(
            ends.detach(
                session,
                false,
                session.header().expirySeconds(),
                session.begunThrough(),
                timeMillis,
                changes));
      }
      if (--left == 0) {
        break;
      }
    }
    return Decision.of(Reply.DONE, changes);
  }

  private Decision due(long timeMillis) {
    List<Change> changes = new ArrayList<>();
    for (Session session : state.due(timeMillis, SESSIONS_AT_ONCE)) {
      changes.addAll(ends.wake(session, timeMillis, changes));
    }
    for (long producer : state.producersSilentSince(timeMillis - limits.keyRetentionMillis())) {
      SeenKeys keys = state.keysOf(producer);
      if (keys != null) {
        keys.all().forEach(key -> changes.add(new Change.KeyForgotten(producer, key)));
      }
      if (changes.size() > SESSIONS_AT_ONCE * 4) {
        break;
      }
    }
    return Decision.of(Reply.DONE, changes);
  }

  /** What one attachment has not begun before it expired, the next may have, meanwhile. */
  private Decision expire(Command.Expire expire) {
    Session session = state.session(expire.session());
    return session == null || session.header().epoch() != expire.epoch()
        ? Decision.of(Reply.DONE)
        : acknowledge(session, expire.sequences());
  }

  /** What has begun stays: its packet id means something to the client. */
  private Decision clearQueue(Command.ClearQueue clear) {
    Session session = state.session(clear.session());
    if (session == null) {
      return Decision.of(Reply.DONE);
    }
    List<Change> changes = new ArrayList<>();
    long next = session.backlog().after(session.begunThrough());
    while (next != 0 && next <= clear.through() && changes.size() < CLEARED_AT_ONCE) {
      changes.add(new Change.Dequeued(session.number(), next));
      next = session.backlog().after(next);
    }
    return Decision.of(Reply.DONE, changes);
  }

  private Decision deliver(Command.Deliver deliver) {
    Session session = state.session(deliver.session());
    return session == null
        ? Decision.of(new Reply.Failure(Reply.Reason.NOT_OWNER, "there is no such session"))
        : publishes.deliver(session, deliver.publication());
  }

  private Decision handOn(Command.HandOn handOn) {
    Session session = state.session(handOn.session());
    if (session == null
        || session.header().epoch() != handOn.epoch()
        || !session.backlog().isShared(handOn.sequence())) {
      return Decision.of(Reply.DONE);
    }
    PendingPublish left =
        PendingPublish.ofLeft(ends.nextNumber(List.of()), handOn.publication(), handOn.share());
    return Decision.of(
        Reply.DONE,
        List.of(
            new Change.Dequeued(session.number(), handOn.sequence()),
            new Change.PublishArmed(left)));
  }

  private Decision leftSettled(Command.LeftSettled settled) {
    Estate estate = state.estate(settled.session());
    if (estate == null) {
      return Decision.of(Reply.DONE);
    }
    List<Change> changes = new ArrayList<>(settled.sequences().size() + 1);
    for (long sequence : new TreeSet<>(settled.sequences())) {
      if (estate.left().contains(sequence)) {
        changes.add(new Change.Dequeued(estate.session(), sequence));
      }
    }
    if (changes.size() == estate.left().size()) {
      changes.add(new Change.EstateSettled(estate.session()));
    }
    return Decision.of(Reply.DONE, changes);
  }

  private Decision limitExpiry(Command.LimitExpiry limit) {
    List<Change> changes = new ArrayList<>();
    for (long number : limit.sessions()) {
      Session session = state.session(number);
      if (session != null && session.header().expirySeconds() > limit.seconds()) {
        changes.add(new Change.ExpiryLimited(session.header().withExpiry(limit.seconds())));
      }
    }
    return Decision.of(Reply.DONE, changes);
  }

  private Decision allotPacketId(long number, long sequence) {
    Session session = state.session(number);
    if (session == null
        || !session.backlog().contains(sequence)
        || session.packetIds().of(sequence) != 0) {
      return Decision.of(Reply.DONE);
    }
    int packetId = session.packetIds().free(sequence);
    return packetId == 0
        ? Decision.of(Reply.DONE)
        : Decision.of(Reply.DONE, List.of(new Change.PacketIdAllotted(number, sequence, packetId)));
  }

  /** Who numbers what an ended session left to others; no session's number is so high. */
  public static long producerOfLeft(int shard, long session) {
    return producer(shard, session | 1L << 47);
  }

  /**
   * Who numbers the inbound publishes of a session: the 64 bit finalizer of MurmurHash3 over shard
   * and session number, which is one-to-one, so no two sessions of a shard share it.
   */
  public static long producer(int shard, long session) {
    long h = session ^ ((long) shard << 48);
    h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL;
    h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
    return h ^ h >>> 33;
  }
}
