package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.access.Permission;
import io.vmqtt.model.InvalidTopicFilterException;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.TopicFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** SUBSCRIBE and UNSUBSCRIBE of one connection, and their answers. */
final class SubscriptionRequests {
  /** Packet identifier and (no) properties of SUBACK and UNSUBACK. */
  private static final int ACK_HEADER_BYTES = 3;

  /** From so many bytes on the length of a packet takes another byte, [1.5.5]. */
  private static final int[] LONGER_LENGTHS = {128, 16_384, 2_097_152};

  /** Steps of access control, for one client: a tenth of a millisecond or so. */
  private static final int WORK_IN_A_TURN = 2_000;

  /** What there is to wait for is the next turn. */
  private static final CompletableFuture<?> NEXT_TURN = CompletableFuture.completedFuture(null);

  private final Terms terms;
  private final TopicLimits limits;
  private final Session session;
  private boolean closed;

  /** The look for what the client may not have any more that is under way; null: none is. */
  private @Nullable Review review;

  /** SUBSCRIBEs that the session has not answered. */
  private List<Asking> asking = List.of();

  /** A filter that access control has not answered for, by its place in the packet. */
  private record Asked(int place, CompletableFuture<Permission> answer) {}

  SubscriptionRequests(Terms terms, Session session) {
    this.terms = terms;
    this.limits = terms.limits().topics();
    this.session = session;
  }

  /** The connection is over: answers that come now are for nobody. */
  void close() {
    closed = true;
  }

  /** SUBSCRIBE. */
  void subscribe(int packetId, List<RequestedSubscription> requested, int identifier) {
    if (requested.isEmpty()) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "SUBSCRIBE without a topic filter [MQTT-3.8.3-2]");
    }
    checkAnswer(requested.size());
    ReasonCode[] reasons = new ReasonCode[requested.size()];
    Subscription[] wanted = new Subscription[requested.size()];
    for (int i = 0; i < reasons.length; i++) {
      RequestedSubscription one = requested.get(i);
      TopicFilter filter = parse(one.filter());
      if (filter != null && filter.isShared() && one.options().noLocal()) {
        throw new ProtocolViolation(
            ReasonCode.PROTOCOL_ERROR, "No Local on a shared subscription [MQTT-3.8.3-4]");
      }
      if (filter == null) {
        reasons[i] = ReasonCode.TOPIC_FILTER_INVALID;
      } else if (!limits.allow(one.filter())) {
        terms.cluster().beyond(Bound.TOPIC);
        reasons[i] = ReasonCode.TOPIC_FILTER_INVALID;
      } else if (i >= limits.maxFilters()) {
        terms.cluster().beyond(Bound.FILTERS);
        reasons[i] = ReasonCode.QUOTA_EXCEEDED;
      } else {
        wanted[i] = new Subscription(filter, one.options(), identifier);
      }
    }
    new Authorization(packetId, reasons, wanted).goOn();
  }

  /**
   * Asks whether each may be made, of those for which there is no reason against it yet: in each
   * turn of the loop so many that it does not take long; who answers later takes no time here. What
   * the client may do can change between two turns; then it begins anew.
   */
  private final class Authorization {
    private final int packetId;
    private final @Nullable ReasonCode[] reasons;
    private final @Nullable Subscription[] wanted;
    private final List<Asked> open = new ArrayList<>(0);
    private int next;
    private int renewals = terms.may().renewals();

    Authorization(int packetId, @Nullable ReasonCode[] reasons, @Nullable Subscription[] wanted) {
      this.packetId = packetId;
      this.reasons = reasons;
      this.wanted = wanted;
    }

    void goOn() {
      if (renewals != terms.may().renewals()) {
        beginAnew();
      }
      long enough = terms.may().work() + WORK_IN_A_TURN;
      while (next < wanted.length) {
        if (terms.may().work() >= enough && open.isEmpty()) {
          terms.question().await(this::goOn, NEXT_TURN);
          return;
        }
        ask(next++);
      }
      if (open.isEmpty()) {
        subscribe(packetId, reasons, wanted);
      } else {
        terms
            .question()
            .await(
                this::allDecided,
                open.stream().map(Asked::answer).toArray(CompletableFuture<?>[]::new));
      }
    }

    private void allDecided() {
      if (renewals != terms.may().renewals()) {
        goOn(); // by other rules than those that it was asked by
        return;
      }
      open.forEach(asked -> decided(asked, reasons));
      subscribe(packetId, reasons, wanted);
    }

    private void ask(int place) {
      Subscription subscription = wanted[place];
      if (subscription != null) {
        Asked asked = new Asked(place, terms.may().subscribe(subscription));
        if (asked.answer.isDone()) {
          decided(asked, reasons);
        } else {
          open.add(asked);
        }
      }
    }

    private void beginAnew() {
      renewals = terms.may().renewals();
      open.clear();
      next = 0;
      for (int i = 0; i < wanted.length; i++) {
        if (wanted[i] != null) {
          reasons[i] = null;
        }
      }
    }
  }

  /** Ends what the client has subscribed and may not any more, as if it had unsubscribed. */
  void endForbidden() {
    if (terms.may().areAll()) {
      return;
    }
    Review begun = new Review(); // one, though it may be told in several parts
    review = begun;
    session.subscriptions(begun::look);
  }

  /** A look for what the client may not have any more: a part of it in each turn of the loop. */
  private final class Review {
    /** Made since it began, by the rules that it goes by: what it has heard of may be older. */
    private final Set<TopicFilter> since = new HashSet<>();

    private int openParts;
    private boolean heardAll;

    void look(List<Subscription> some, boolean last) {
      openParts++;
      heardAll |= last;
      look(List.copyOf(some), 0);
    }

    /** Those from {@code first} on. */
    private void look(List<Subscription> some, int first) {
      if (closed || review != this) {
        return; // another has begun
      }
      List<TopicFilter> forbidden = new ArrayList<>(0);
      long enough = terms.may().work() + WORK_IN_A_TURN;
      int next = first;
      while (next < some.size() && terms.may().work() < enough) {
        Subscription one = some.get(next++);
        if (!since.contains(one.filter()) && !terms.may().isGranted(terms.may().subscribe(one))) {
          terms.cluster().missed(Missed.SUBSCRIPTION_DENIED, terms.may().who(), 1);
          forbidden.add(one.filter());
        }
      }
      if (!forbidden.isEmpty()) {
        asking.forEach(one -> one.without(forbidden, ReasonCode.NOT_AUTHORIZED));
        session.unsubscribe(forbidden, outcomes -> {});
      }
      if (next < some.size()) {
        int left = next;
        terms.cluster().execute(() -> look(some, left));
      } else if (--openParts == 0 && heardAll) {
        review = null;
      }
    }
  }

  private void decided(Asked asked, @Nullable ReasonCode[] reasons) {
    Permission permission = terms.may().permission(asked.answer);
    if (permission != Permission.GRANTED) {
      terms.cluster().missed(Missed.SUBSCRIPTION_DENIED, terms.may().who(), 1);
      reasons[asked.place] = permission.reason();
    }
  }

  private void subscribe(
      int packetId, @Nullable ReasonCode[] reasons, @Nullable Subscription[] wanted) {
    List<Subscription> subscriptions = new ArrayList<>(wanted.length);
    for (int i = 0; i < wanted.length; i++) {
      Subscription subscription = wanted[i];
      if (subscription != null && reasons[i] == null) {
        subscriptions.add(subscription);
      }
    }
    if (subscriptions.isEmpty()) {
      subAck(packetId, reasons);
      return;
    }
    if (review != null) {
      subscriptions.forEach(one -> review.since.add(one.filter()));
    }
    Asking begun = new Asking(packetId, reasons, subscriptions);
    if (asking.isEmpty()) {
      asking = new ArrayList<>(1);
    }
    asking.add(begun);
    session.subscribe(subscriptions, limits.maxSubscriptions(), begun::answered);
  }

  /** A SUBSCRIBE that the session has been asked for: all routers have to know before SUBACK. */
  private final class Asking {
    private final int packetId;
    private final @Nullable ReasonCode[] reasons;
    private final List<Subscription> subscriptions;

    /** What of it has ended already, and why: by the client's own wish, or not. */
    private final Map<TopicFilter, ReasonCode> ended = new HashMap<>(0);

    private final List<Runnable> behind = new ArrayList<>(0);

    Asking(int packetId, @Nullable ReasonCode[] reasons, List<Subscription> subscriptions) {
      this.packetId = packetId;
      this.reasons = reasons;
      this.subscriptions = subscriptions;
    }

    /** These have ended. */
    void without(List<TopicFilter> filters, ReasonCode reason) {
      filters.forEach(filter -> ended.putIfAbsent(filter, reason));
    }

    void answered(List<Session.Subscribed> outcomes) {
      if (closed) {
        return;
      }
      asking.remove(this);
      if (asking.isEmpty()) {
        asking = List.of();
      }
      List<Subscription> granted = new ArrayList<>(subscriptions.size());
      List<Boolean> existed = new ArrayList<>(subscriptions.size());
      int next = 0;
      for (int i = 0; i < reasons.length; i++) {
        if (reasons[i] == null) {
          Subscription subscription = subscriptions.get(next);
          Session.Subscribed outcome = outcomes.get(next++);
          reasons[i] = reason(subscription, outcome);
          if (!reasons[i].isError() && !ended.containsKey(subscription.filter())) {
            granted.add(subscription);
            existed.add(outcome == Session.Subscribed.REPLACED);
          }
        }
      }
      subAck(packetId, reasons);
      behind.forEach(Runnable::run);
      session.sendRetained(RetainedAfterSubscribe.of(granted, existed));
    }

    private ReasonCode reason(Subscription subscription, Session.Subscribed outcome) {
      if (outcome == Session.Subscribed.NO_ROOM) {
        terms.cluster().beyond(Bound.SUBSCRIPTIONS);
      }
      return switch (outcome) {
        case ADDED, REPLACED -> {
          ReasonCode why = ended.getOrDefault(subscription.filter(), ReasonCode.SUCCESS);
          yield why.isError() ? why : ReasonCode.granted(subscription.options().maximumQos());
        }
        case NO_ROOM -> ReasonCode.QUOTA_EXCEEDED;
        case REFUSED -> ReasonCode.TOPIC_FILTER_INVALID;
      };
    }
  }

  /** SUBACK; MQTT 3.1.1 knows one failure. */
  private void subAck(int packetId, @Nullable ReasonCode[] reasons) {
    List<ReasonCode> all = new ArrayList<>(reasons.length);
    for (ReasonCode reason : reasons) {
      boolean failure = reason == null || reason.isError();
      all.add(
          reason == null || (failure && !terms.isVersion5())
              ? ReasonCode.UNSPECIFIED_ERROR
              : reason);
    }
    terms.client().subAck(packetId, all);
  }

  /** UNSUBSCRIBE. */
  void unsubscribe(int packetId, List<String> requested) {
    if (requested.isEmpty()) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "UNSUBSCRIBE without a topic filter [MQTT-3.10.3-2]");
    }
    checkAnswer(requested.size());
    List<TopicFilter> filters = new ArrayList<>(requested.size());
    for (String text : requested) {
      TopicFilter filter = parse(text);
      if (filter != null) {
        filters.add(filter);
      }
    }
    if (review != null) {
      review.since.removeAll(filters);
    }
    asking.forEach(one -> one.without(filters, ReasonCode.SUCCESS));
    Asking before = asking.isEmpty() ? null : asking.getLast();
    session.unsubscribe(
        filters,
        outcomes -> {
          if (closed) {
            return;
          }
          Runnable answer = () -> terms.client().unsubAck(packetId, unsubscribeReasons(outcomes));
          if (before != null && asking.contains(before)) {
            before.behind.add(answer); // else its SUBACK would seem to be of what comes after it
          } else {
            answer.run();
          }
        });
  }

  /** An answer that the client does not take cannot be given, and must not be left out. */
  private void checkAnswer(int reasons) {
    int remaining = ACK_HEADER_BYTES + reasons;
    int bytes = 2 + remaining;
    for (int longer : LONGER_LENGTHS) {
      bytes += remaining < longer ? 0 : 1;
    }
    if (bytes > terms.agreed().maximumPacketBytes()) {
      throw new ProtocolViolation(
          ReasonCode.PACKET_TOO_LARGE,
          "the answer to " + reasons + " filters exceeds what the client takes [MQTT-3.1.2-24]");
    }
  }

  private static List<ReasonCode> unsubscribeReasons(List<Session.Unsubscribed> outcomes) {
    return outcomes.stream()
        .map(
            outcome ->
                switch (outcome) {
                  case REMOVED -> ReasonCode.SUCCESS;
                  case ABSENT -> ReasonCode.NO_SUBSCRIPTION_EXISTED;
                  case REFUSED -> ReasonCode.TOPIC_FILTER_INVALID;
                })
        .toList();
  }

  /**
   * Reads a filter. One that is malformed ends the connection [MQTT-4.7.1-1, 4.7.1-2, 4.7.3-1,
   * 4.8.2-1, 4.8.2-2].
   *
   * @return null if a client of MQTT 3.1.1 asks for what only looks like a share group
   */
  private @Nullable TopicFilter parse(String text) {
    try {
      return TopicFilter.parse(text);
    } catch (InvalidTopicFilterException e) {
      if (!terms.isVersion5() && TopicFilter.isWellFormed(text)) {
        return null;
      }
      throw new ProtocolViolation(ReasonCode.TOPIC_FILTER_INVALID, String.valueOf(e.getMessage()));
    }
  }
}
