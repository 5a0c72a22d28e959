package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.client.PublishRefusedException;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.history.History;
import io.vmqtt.testkit.history.NoAcknowledgedMessageLost;
import io.vmqtt.testkit.history.OrderPerPublisherAndTopic;
import io.vmqtt.testkit.history.QosTwoExactlyOnce;
import io.vmqtt.testkit.history.SentMessage;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.process.ClusterProcesses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Publishers and persistent subscribers in pairs, at QoS 1 and 2 by turns, that go on until they
 * are told to stop and return by themselves, to another gateway, when they are thrown out. They are
 * spread over the namespaces of the cluster, with the same client ids and topics in each; histories
 * name them with their namespaces.
 */
final class Traffic implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration REFUSED_PAUSE = Duration.ofMillis(50);
  private static final int QUOTA_EXCEEDED = 0x97;
  private static final int WARM_UP_EACH = 20;

  private final ClusterProcesses cluster;
  private final Clients clients;
  private final History history = new History();
  private final String root = Names.topic();
  private final List<RecordingClient> all = new ArrayList<>();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicInteger refusals = new AtomicInteger();
  private final List<String> strays = Collections.synchronizedList(new ArrayList<>());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> running = new ArrayList<>();
  private final AtomicLongArray acknowledged;
  private final AtomicLongArray lastAcknowledgedNanos;
  private final AtomicLongArray longestSilenceNanos;

  Traffic(ClusterProcesses cluster, Clients clients, int pairs) {
    this.cluster = cluster;
    this.clients = clients;
    this.acknowledged = new AtomicLongArray(pairs);
    this.lastAcknowledgedNanos = new AtomicLongArray(pairs);
    this.longestSilenceNanos = new AtomicLongArray(pairs);
    List<RecordingClient> publishers = new ArrayList<>();
    List<String> namespaces = cluster.namespaces();
    int pairsOfEach = pairs / namespaces.size();
    List<Pair> kinds = new ArrayList<>();
    for (int place = 0; place < pairsOfEach; place++) {
      String subscriber = Names.client("subscriber");
      String publisher = Names.client("publisher");
      for (String namespace : namespaces) {
        kinds.add(
            new Pair(
                kinds.size(), namespace, root + "/" + place, 1 + place % 2, subscriber, publisher));
      }
    }
    for (Pair pair : kinds) {
      subscribe(pair);
      RecordingClient publisher = returning(pair.number + 1, pair.namespace, pair.publisher);
      publisher.onConnection(event -> history.note(pair.name(), event));
      publisher.connect();
      publishers.add(publisher);
      all.add(publisher);
    }
    for (Pair pair : kinds) {
      lastAcknowledgedNanos.set(pair.number, System.nanoTime());
      running.add(threads.submit(() -> publish(publishers.get(pair.number), pair)));
    }
    awaitMore(pairs * WARM_UP_EACH);
  }

  /**
   * A publisher and its subscriber.
   *
   * @param topic the same in each namespace, as are the client ids
   */
  private record Pair(
      int number, String namespace, String topic, int qos, String subscriber, String publisher) {
    /** Of its publisher, as the history has it. */
    String name() {
      return "publisher-" + number;
    }

    /** Of its topic, as the history has it. */
    String label() {
      return namespace.isEmpty() ? topic : namespace + '|' + topic;
    }
  }

  private void subscribe(Pair pair) {
    String id = pair.namespace + '|' + pair.subscriber;
    String label = pair.label();
    history.subscribed(id, label::equals);
    RecordingClient subscriber = returning(pair.number, pair.namespace, pair.subscriber);
    subscriber
        .inbox()
        .onReceipt(
            receipt -> {
              SentMessage message = SentMessage.ofPayload(receipt.payload());
              if (!message.topic().equals(label)) {
                strays.add(message + " at " + id);
              }
              history.received(id, message);
            });
    subscriber.onConnection(event -> history.note(id, event));
    subscriber.connect();
    subscriber.subscribe(pair.topic, pair.qos);
    history.note(id, "has its SUBACK");
    all.add(subscriber);
  }

  private RecordingClient returning(int firstGateway, String namespace, String id) {
    List<Address> gateways = cluster.gatewaysFrom(firstGateway, namespace);
    return clients.create(
        ClientLibrary.HIVEMQ_5,
        ClientSettings.of(gateways.getFirst(), id).withPersistentSession().returningTo(gateways));
  }

  private void publish(RecordingClient publisher, Pair kind) {
    int pair = kind.number;
    for (long sequence = 1; !stopped.get(); sequence++) {
      SentMessage message = new SentMessage(kind.name(), kind.label(), kind.qos, sequence);
      history.sending(message);
      while (!isTaken(publisher, kind.topic, message)) {
        refusals.incrementAndGet();
        await().pollDelay(REFUSED_PAUSE).until(() -> true);
      }
      history.acknowledged(message);
      acknowledged.incrementAndGet(pair);
      long now = System.nanoTime();
      long silence = now - lastAcknowledgedNanos.getAndSet(pair, now);
      longestSilenceNanos.accumulateAndGet(pair, silence, Math::max);
    }
  }

  /** Whether the broker takes a message; it may say that it has no room for it. */
  private static boolean isTaken(RecordingClient publisher, String topic, SentMessage message) {
    try {
      publisher
          .publishAsync(topic, message.payload(), message.qos(), false)
          .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
          .join();
      return true;
    } catch (CompletionException e) {
      if (e.getCause() instanceof PublishRefusedException refused
          && refused.reasonCode() == QUOTA_EXCEEDED) {
        return false;
      }
      throw e;
    }
  }

  /** How often the broker had no room for a message. */
  int refusals() {
    return refusals.get();
  }

  /** From here on {@link #longestSilence} counts. */
  void beginToListen() {
    for (int pair = 0; pair < acknowledged.length(); pair++) {
      longestSilenceNanos.set(pair, 0);
    }
  }

  /** The longest that any publisher has waited from one acknowledgement to the next. */
  Duration longestSilence() {
    long longest = 0;
    for (int pair = 0; pair < acknowledged.length(); pair++) {
      longest = Math.max(longest, longestSilenceNanos.get(pair));
    }
    return Duration.ofNanos(longest);
  }

  /** What has happened to it so far; others may add to it. */
  History history() {
    return history;
  }

  /** The first level of all its topics. */
  String root() {
    return root;
  }

  /** Waits until so many more messages have been acknowledged. */
  void awaitMore(int count) {
    int target = acknowledgedCount() + count;
    await().atMost(PATIENCE).until(() -> acknowledgedCount() >= target || failed());
  }

  /** Waits until every publisher has sent something that was acknowledged. */
  void awaitProgressOfAll() {
    for (int pair = 0; pair < acknowledged.length(); pair++) {
      int number = pair;
      long target = acknowledged.get(number) + 2; // the first may have been under way
      await("publisher-" + number + " goes on")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> acknowledged.get(number) >= target || failed());
    }
  }

  /** Lets so much time go by; how much is acknowledged meanwhile does not matter. */
  void letPass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    await().atMost(time.plus(PATIENCE)).until(() -> System.nanoTime() - end >= 0 || failed());
  }

  private boolean failed() {
    return running.stream().anyMatch(Future::isDone);
  }

  int acknowledgedCount() {
    return history.acknowledged().size();
  }

  /** How often clients have connected, beyond the first time. */
  int returns() {
    return all.stream().mapToInt(client -> client.connections() - 1).sum();
  }

  /** Stops, waits for what is under way, and checks every promise. */
  void finish() throws Exception {
    stopped.set(true);
    for (Future<?> one : running) {
      one.get();
    }
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> history.mustKeep(new NoAcknowledgedMessageLost()));
    history.mustKeep(new OrderPerPublisherAndTopic(), new QosTwoExactlyOnce());
    assertEquals(List.of(), List.copyOf(strays), "messages of other namespaces");
  }

  @Override
  public void close() {
    stopped.set(true);
    threads.close();
  }
}
