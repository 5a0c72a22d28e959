package io.vmqtt.testkit.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What happened to the messages of a test. Thread-safe: clients record as they go. */
public final class History {
  private static final int SHOWN = 10;

  private final Set<SentMessage> acknowledged = new LinkedHashSet<>();
  private final Map<String, Predicate<String>> subscriptions = new LinkedHashMap<>();
  private final Map<String, Receipts> receipts = new LinkedHashMap<>();

  private record Receipts(List<SentMessage> inOrder, Set<SentMessage> once) {}

  /**
   * A subscriber is to receive every acknowledged message on these topics: to be told before the
   * first of them is sent.
   *
   * @param topics which topics its filters match
   */
  public synchronized void subscribed(String subscriber, Predicate<String> topics) {
    subscriptions.put(subscriber, topics);
    receipts.putIfAbsent(subscriber, new Receipts(new ArrayList<>(), new HashSet<>()));
  }

  /** The broker has acknowledged a message to its publisher. */
  public synchronized void acknowledged(SentMessage message) {
    acknowledged.add(message);
  }

  /** A subscriber has received a message. */
  public synchronized void received(String subscriber, SentMessage message) {
    Receipts ofSubscriber = receiptsOf(subscriber);
    ofSubscriber.inOrder.add(message);
    ofSubscriber.once.add(message);
  }

  /** All that were acknowledged, in the order of the acknowledgements. */
  public synchronized List<SentMessage> acknowledged() {
    return List.copyOf(acknowledged);
  }

  /**
   * The acknowledged message with the highest sequence: what a subscriber of one publisher gets
   * last. Acknowledgements may have been noted in another order.
   *
   * @throws java.util.NoSuchElementException if there is none
   */
  public SentMessage lastAcknowledged() {
    return Collections.max(acknowledged(), Comparator.comparingLong(SentMessage::sequence));
  }

  /** All subscribers. */
  public synchronized List<String> subscribers() {
    return List.copyOf(subscriptions.keySet());
  }

  /** What a subscriber has received, repetitions included, in order of arrival. */
  public synchronized List<SentMessage> receivedBy(String subscriber) {
    return List.copyOf(receiptsOf(subscriber).inOrder);
  }

  /** How many different messages a subscriber has received. */
  public synchronized int countReceivedBy(String subscriber) {
    return receiptsOf(subscriber).once.size();
  }

  /** Acknowledged messages that a subscriber is to receive. */
  public synchronized List<SentMessage> owedTo(String subscriber) {
    Predicate<String> topics = subscriptions.getOrDefault(subscriber, topic -> false);
    return acknowledged.stream().filter(message -> topics.test(message.topic())).toList();
  }

  /** Acknowledged messages that a subscriber is to receive and has not received. */
  public synchronized Set<SentMessage> missingAt(String subscriber) {
    Set<SentMessage> missing = new LinkedHashSet<>(owedTo(subscriber));
    missing.removeAll(receiptsOf(subscriber).once);
    return missing;
  }

  private Receipts receiptsOf(String subscriber) {
    Receipts ofSubscriber = receipts.get(subscriber);
    if (ofSubscriber == null) {
      throw new IllegalArgumentException(subscriber + " never subscribed");
    }
    return ofSubscriber;
  }

  /** Whether every acknowledged message has reached every subscriber that is to receive it. */
  public synchronized boolean isComplete() {
    return subscriptions.keySet().stream().allMatch(one -> missingAt(one).isEmpty());
  }

  /** Throws an {@link AssertionError} that names the places where an invariant is broken. */
  public void mustKeep(Invariant... invariants) {
    List<String> violations = new ArrayList<>();
    for (Invariant invariant : invariants) {
      for (String violation : invariant.violations(this)) {
        violations.add(invariant.getClass().getSimpleName() + ": " + violation);
      }
    }
    if (!violations.isEmpty()) {
      throw new AssertionError(
          violations.size()
              + " violations, such as\n"
              + String.join("\n", violations.subList(0, Math.min(SHOWN, violations.size()))));
    }
  }
}
