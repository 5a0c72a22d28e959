package io.vmqtt.testkit.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What happened to the messages of a test. Thread-safe: clients record as they go. */
public final class History {
  private static final int SHOWN = 10;

  private final Set<SentMessage> acknowledged = new LinkedHashSet<>();
  private final Map<String, Predicate<String>> subscriptions = new LinkedHashMap<>();
  private final Map<String, Receipts> receipts = new LinkedHashMap<>();

  private final Map<SentMessage, Long> sentAt = new HashMap<>();
  private final Map<String, Long> lastRetained = new HashMap<>();
  private final List<RetainedRead> retainedReads = new ArrayList<>();
  private final List<Hearing> hearings = new ArrayList<>();
  private final Map<String, SentMessage> lastStates = new HashMap<>();
  private final Set<SentMessage> clearing = new HashSet<>();
  private final List<Watch> watches = new ArrayList<>();
  private final List<Ownership> ownerships = new ArrayList<>();
  private final Chronicle chronicle;
  private long events;

  /**
   * Somebody asked for the retained message of a topic.
   *
   * @param lastAcknowledged sequence of the last that was acknowledged before; 0: none
   * @param message what came; null: nothing
   */
  record RetainedRead(String topic, long lastAcknowledged, @Nullable SentMessage message) {}

  /** By the clock of this machine. */
  public History() {
    this(System::nanoTime);
  }

  /**
   * @param nanoClock nanoseconds since whenever
   */
  public History(LongSupplier nanoClock) {
    chronicle = new Chronicle(nanoClock);
  }

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

  /** A message is about to be sent; to be told where it matters what was sent after what. */
  public synchronized void sending(SentMessage message) {
    sentAt.put(message, ++events);
    chronicle.add(message.publisher(), "sends", message);
  }

  /** The broker has acknowledged a message to its publisher. */
  public synchronized void acknowledged(SentMessage message) {
    acknowledged.add(message);
    chronicle.add(message.publisher(), "has the acknowledgement of", message);
  }

  /** A subscriber has received a message. */
  public synchronized void received(String subscriber, SentMessage message) {
    Receipts ofSubscriber = receiptsOf(subscriber);
    ofSubscriber.inOrder.add(message);
    ofSubscriber.once.add(message);
    chronicle.add(subscriber, "receives", message);
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

  /** The broker has acknowledged a retained message to the one publisher of its topic. */
  public synchronized void retainedAcknowledged(SentMessage message) {
    lastRetained.merge(message.topic(), message.sequence(), Math::max);
  }

  /** Sequence of the retained message of a topic that was acknowledged last; 0: none. */
  public synchronized long lastRetained(String topic) {
    return lastRetained.getOrDefault(topic, 0L);
  }

  /**
   * Somebody has read the retained message of a topic.
   *
   * @param lastAcknowledged {@link #lastRetained} before the read began
   * @param message what came; null: nothing
   */
  public synchronized void retainedRead(
      String topic, long lastAcknowledged, @Nullable SentMessage message) {
    retainedReads.add(new RetainedRead(topic, lastAcknowledged, message));
  }

  /** Somebody is about to subscribe to a topic whose messages are all retained. */
  public synchronized Hearing hearing(String subscriber, String topic) {
    Hearing hearing = new Hearing(subscriber, topic);
    hearings.add(hearing);
    return hearing;
  }

  synchronized List<Hearing> hearings() {
    return List.copyOf(hearings);
  }

  /**
   * The broker has acknowledged a message to the one publisher of a topic whose messages are all
   * retained.
   *
   * @param clears whether it says that there is no value any more
   */
  public synchronized void stateAcknowledged(SentMessage message, boolean clears) {
    lastStates.merge(
        message.topic(), message, (one, other) -> one.sequence() > other.sequence() ? one : other);
    if (clears) {
      clearing.add(message);
    }
    chronicle.add(message.publisher(), "has the acknowledgement of", message);
  }

  synchronized @Nullable SentMessage lastState(String topic) {
    return lastStates.get(topic);
  }

  synchronized boolean isClearing(SentMessage message) {
    return clearing.contains(message);
  }

  synchronized List<RetainedRead> retainedReads() {
    return List.copyOf(retainedReads);
  }

  /**
   * A subscriber has its SUBACK, and is to receive what is sent from now on.
   *
   * @param topics which topics its filters match
   */
  public synchronized Watch watch(String subscriber, Predicate<String> topics) {
    Watch watch = new Watch(subscriber, topics, ++events);
    watches.add(watch);
    return watch;
  }

  synchronized List<Watch> watches() {
    return List.copyOf(watches);
  }

  /** What one subscription of one connection has seen since its SUBACK. */
  public final class Watch {
    private final String subscriber;
    private final Predicate<String> topics;
    private final long since;
    private final List<SentMessage> received = new ArrayList<>();
    private boolean ended;

    private Watch(String subscriber, Predicate<String> topics, long since) {
      this.subscriber = subscriber;
      this.topics = topics;
      this.since = since;
    }

    /** It has received a message. */
    public void received(SentMessage message) {
      synchronized (History.this) {
        received.add(message);
        chronicle.add(subscriber, "receives", message);
      }
    }

    /** Its connection has ended: nothing is owed to it. */
    public void end() {
      synchronized (History.this) {
        ended = true;
      }
    }

    String subscriber() {
      return subscriber;
    }

    boolean ended() {
      synchronized (History.this) {
        return ended;
      }
    }

    List<SentMessage> received() {
      synchronized (History.this) {
        return List.copyOf(received);
      }
    }

    List<SentMessage> owed() {
      synchronized (History.this) {
        return acknowledged.stream()
            .filter(message -> sentAt.getOrDefault(message, 0L) > since)
            .filter(message -> topics.test(message.topic()))
            .toList();
      }
    }
  }

  /**
   * A client has done or heard something that is not about a message: it connects, has its CONNACK
   * or its SUBACK, has lost its connection.
   */
  public void note(String client, String deed) {
    chronicle.add(client, deed);
  }

  /** Something has happened that may explain what is seen of messages. */
  public void note(String text) {
    chronicle.note(text);
  }

  /**
   * A client has its CONNACK.
   *
   * @param calledNanos when it sent its CONNECT
   */
  public synchronized Ownership connected(String clientId, long calledNanos, long nowNanos) {
    Ownership ownership = new Ownership(clientId, ownerships.size() + 1, calledNanos, nowNanos);
    ownerships.add(ownership);
    return ownership;
  }

  synchronized List<Ownership> ownerships() {
    return List.copyOf(ownerships);
  }

  /** One connection, as long as it is answered. */
  public static final class Ownership {
    private final String clientId;
    private final int number;
    private final long calledNanos;
    private final long connectedNanos;
    private volatile long lastAnsweredNanos;

    private Ownership(String clientId, int number, long calledNanos, long connectedNanos) {
      this.clientId = clientId;
      this.number = number;
      this.calledNanos = calledNanos;
      this.connectedNanos = connectedNanos;
      this.lastAnsweredNanos = connectedNanos;
    }

    /** The broker has answered what the client sent then. */
    public void answered(long sentNanos) {
      lastAnsweredNanos = sentNanos;
    }

    String clientId() {
      return clientId;
    }

    int number() {
      return number;
    }

    long calledNanos() {
      return calledNanos;
    }

    long connectedNanos() {
      return connectedNanos;
    }

    long lastAnsweredNanos() {
      return lastAnsweredNanos;
    }
  }

  private Receipts receiptsOf(String subscriber) {
    Receipts ofSubscriber = receipts.get(subscriber);
    if (ofSubscriber == null) {
      throw new IllegalArgumentException(subscriber + " never subscribed");
    }
    return ofSubscriber;
  }

  /** Everything that was recorded, line by line. */
  public List<String> transcript() {
    return chronicle.all();
  }

  /** Whether every acknowledged message has reached every subscriber that is to receive it. */
  public synchronized boolean isComplete() {
    return subscriptions.keySet().stream().allMatch(one -> missingAt(one).isEmpty());
  }

  /** Throws an {@link AssertionError} that names the places where an invariant is broken. */
  public void mustKeep(Invariant... invariants) {
    List<String> shown = new ArrayList<>();
    Violation first = null;
    int count = 0;
    for (Invariant invariant : invariants) {
      for (Violation violation : invariant.violations(this)) {
        first = first == null ? violation : first;
        if (++count <= SHOWN) {
          shown.add(invariant.getClass().getSimpleName() + ": " + violation.words());
        }
      }
    }
    if (first != null) {
      throw new AssertionError(
          count + " violations, such as\n" + String.join("\n", shown) + story(first));
    }
  }

  private String story(Violation violation) {
    SentMessage message = violation.message();
    String subscriber = violation.subscriber();
    return message == null || subscriber == null
        ? ""
        : "\nThe first of them, from the beginning:\n"
            + String.join("\n", chronicle.around(message, subscriber));
  }
}
