package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;

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
 * are told to stop and return by themselves, to another gateway, when they are thrown out.
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
    for (int pair = 0; pair < pairs; pair++) {
      String topic = root + "/" + pair;
      String id = Names.client("subscriber");
      history.subscribed(id, topic::equals);
      RecordingClient subscriber = returning(pair, id);
      subscriber
          .inbox()
          .onReceipt(receipt -> history.received(id, SentMessage.ofPayload(receipt.payload())));
      subscriber.onConnection(event -> history.note(id, event));
      subscriber.connect();
      subscriber.subscribe(topic, qosOf(pair));
      history.note(id, "has its SUBACK");
      RecordingClient publisher = returning(pair + 1, Names.client("publisher"));
      String name = nameOf(pair);
      publisher.onConnection(event -> history.note(name, event));
      publisher.connect();
      publishers.add(publisher);
      all.add(subscriber);
      all.add(publisher);
    }
    for (int pair = 0; pair < pairs; pair++) {
      int number = pair;
      lastAcknowledgedNanos.set(pair, System.nanoTime());
      running.add(
          threads.submit(() -> publish(publishers.get(number), number, root + "/" + number)));
    }
    awaitMore(pairs * WARM_UP_EACH);
  }

  /** Of a publisher, as the history has it. */
  private static String nameOf(int pair) {
    return "publisher-" + pair;
  }

  private static int qosOf(int pair) {
    return 1 + pair % 2;
  }

  private RecordingClient returning(int firstGateway, String id) {
    List<Address> gateways = cluster.gatewaysFrom(firstGateway);
    return clients.create(
        ClientLibrary.HIVEMQ_5,
        ClientSettings.of(gateways.getFirst(), id).withPersistentSession().returningTo(gateways));
  }

  private void publish(RecordingClient publisher, int pair, String topic) {
    for (long sequence = 1; !stopped.get(); sequence++) {
      SentMessage message = new SentMessage(nameOf(pair), topic, qosOf(pair), sequence);
      history.sending(message);
      while (!isTaken(publisher, message)) {
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
  private static boolean isTaken(RecordingClient publisher, SentMessage message) {
    try {
      publisher
          .publishAsync(message.topic(), message.payload(), message.qos(), false)
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
  }

  @Override
  public void close() {
    stopped.set(true);
    threads.close();
  }
}
