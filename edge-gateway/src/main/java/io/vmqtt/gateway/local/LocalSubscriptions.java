package io.vmqtt.gateway.local;

import io.vmqtt.model.Message;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.SubscriptionOptions;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.model.TopicName;
import io.vmqtt.model.TopicTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of all transient sessions of this gateway. Threads of links match under the
 * read lock, once per batch of messages; threads of connections change it under the write lock.
 */
public final class LocalSubscriptions {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final TopicTree<LocalSubscription> tree;
  private final Map<TopicFilter, LocalShareGroup> groups = new HashMap<>();

  /** How many are of topics of the server; changed under the write lock, read by anybody. */
  private volatile int ofServer;

  /**
   * No subscriptions yet.
   *
   * @param hashSeed hard to guess: clients choose the filters
   */
  public LocalSubscriptions(long hashSeed) {
    tree = new TopicTree<>(hashSeed);
  }

  /** To be held around calls of {@link #match}. */
  public Lock readLock() {
    return lock.readLock();
  }

  /** The subscriptions of one session. Confined to the thread of its connection. */
  public final class OfSession {
    private final Map<TopicFilter, LocalSubscription> subscriptions = new HashMap<>(2);
    private final Subscriber subscriber;

    private OfSession(Subscriber subscriber) {
      this.subscriber = subscriber;
    }

    public int count() {
      return subscriptions.size();
    }

    public boolean contains(TopicFilter filter) {
      return subscriptions.containsKey(filter);
    }

    /** Adds or replaces; whether it existed before. */
    public boolean add(Subscription subscription) {
      LocalSubscription added = new LocalSubscription(subscriber, subscription);
      LocalSubscription before = subscriptions.put(subscription.filter(), added);
      change(before, added);
      return before != null;
    }

    /** Removes; whether it existed. */
    public boolean remove(TopicFilter filter) {
      LocalSubscription before = subscriptions.remove(filter);
      if (before != null) {
        change(before, null);
      }
      return before != null;
    }

    /** All of them. */
    public List<Subscription> all() {
      return subscriptions.values().stream().map(one -> one.subscription).toList();
    }

    /** The filters of all. */
    public List<TopicFilter> filters() {
      return List.copyOf(subscriptions.keySet());
    }
  }

  /** The (empty) subscriptions of a new session. */
  public OfSession newSession(Subscriber subscriber) {
    return new OfSession(subscriber);
  }

  /** How many there are, those of share groups not counted. */
  public int size() {
    lock.readLock().lock();
    try {
      return tree.size();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Whether there are any of topics of the server, those of share groups not counted. */
  public boolean haveOfServer() {
    return ofServer > 0;
  }

  /**
   * Finds who gets a message; the read lock must be held.
   *
   * @param shares filters of the share groups that this gateway serves for it
   * @return those of the shares that have no member here any more
   */
  public List<TopicFilter> match(
      Message message, List<TopicFilter> shares, Consumer<Recipient> recipients) {
    Overlaps overlaps = new Overlaps(message, recipients);
    tree.match(message.topic(), overlaps::found);
    List<TopicFilter> memberless = List.of();
    for (int i = 0; i < shares.size(); i++) {
      LocalShareGroup group = groups.get(shares.get(i));
      if (group == null) {
        memberless = memberless.isEmpty() ? new ArrayList<>(1) : memberless;
        memberless.add(shares.get(i));
      } else {
        overlaps.found(group.next());
      }
    }
    overlaps.finish();
    return memberless;
  }

  /** Who is next in a share group, for a message that another member has left; null: nobody. */
  public @Nullable Recipient another(Message message, TopicFilter share) {
    lock.readLock().lock();
    try {
      LocalShareGroup group = groups.get(share);
      return group == null ? null : recipient(message, group.next());
    } finally {
      lock.readLock().unlock();
    }
  }

  private static Recipient recipient(Message message, LocalSubscription match) {
    TopicFilter filter = match.subscription.filter();
    return new Recipient(
        match.subscriber, match.deliveryOf(message), filter.isShared() ? filter : null);
  }

  private void change(@Nullable LocalSubscription before, @Nullable LocalSubscription after) {
    lock.writeLock().lock();
    try {
      if (before != null) {
        remove(before);
      }
      if (after != null) {
        add(after);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void add(LocalSubscription added) {
    TopicFilter filter = added.subscription.filter();
    if (filter.isShared()) {
      groups.computeIfAbsent(filter, absent -> new LocalShareGroup()).add(added);
    } else {
      tree.add(filter.filter(), added);
      countOfServer(filter, 1);
    }
  }

  private void remove(LocalSubscription removed) {
    TopicFilter filter = removed.subscription.filter();
    if (filter.isShared()) {
      LocalShareGroup group = groups.get(filter);
      if (group != null) {
        group.remove(removed);
        if (group.isEmpty()) {
          groups.remove(filter);
        }
      }
    } else {
      tree.remove(filter.filter(), removed);
      countOfServer(filter, -1);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // the write lock is held
  private void countOfServer(TopicFilter filter, int difference) {
    if (TopicName.isOfServer(filter.filter())) {
      ofServer += difference;
    }
  }

  /** Gathers the matches of one message, so that a session gets one copy. */
  private static final class Overlaps {
    private final Message message;
    private final Consumer<Recipient> recipients;
    private @Nullable IdentityHashMap<Subscriber, Recipient> several;

    Overlaps(Message message, Consumer<Recipient> recipients) {
      this.message = message;
      this.recipients = recipients;
    }

    void found(LocalSubscription match) {
      SubscriptionOptions options = match.subscription.options();
      Subscriber subscriber = match.subscriber;
      if (options.noLocal() && message.publisher() == subscriber.publisher()) {
        return;
      }
      Recipient recipient = recipient(message, match);
      if (subscriber.subscriptionCount() == 1 || match.subscription.filter().isShared()) {
        recipients.accept(recipient);
        return;
      }
      if (several == null) {
        several = new IdentityHashMap<>();
      }
      several.merge(subscriber, recipient, Recipient::merge);
    }

    void finish() {
      if (several != null) {
        new ArrayList<>(several.values()).forEach(recipients);
      }
    }
  }
}
