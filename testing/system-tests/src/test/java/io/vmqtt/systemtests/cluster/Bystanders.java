package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.client.ConnectRefusedException;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.history.History;
import io.vmqtt.testkit.history.OneOwnerPerClientId;
import io.vmqtt.testkit.history.RetainedIsLastAcknowledged;
import io.vmqtt.testkit.history.SentMessage;
import io.vmqtt.testkit.history.SubackMeansSubscribed;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.process.ClusterProcesses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients beside the traffic, a few more with every round: transient subscribers that stay until
 * they are thrown out, a client id that is taken over again and again, and a retained message that
 * is replaced and read.
 */
final class Bystanders {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int MOST_SUBSCRIBERS = 6;

  /** A gateway that sleeps, and whatever it takes to come back to the others. */
  private static final Duration NOTICE = Duration.ofSeconds(20);

  private final ClusterProcesses cluster;
  private final Clients clients;
  private final History history;
  private final String trafficRoot;
  private final String retainedTopic = Names.topic();
  private final String wanderer = Names.client("wanderer");
  private final List<Subscriber> subscribers = new ArrayList<>();
  private final List<Owner> owners = new ArrayList<>();
  private int rounds;

  private record Subscriber(RecordingClient client, History.Watch watch) {}

  private record Owner(RecordingClient client, History.Ownership ownership) {}

  Bystanders(ClusterProcesses cluster, Clients clients, Traffic traffic) {
    this.cluster = cluster;
    this.clients = clients;
    this.history = traffic.history();
    this.trafficRoot = traffic.root();
  }

  /** Has everything done once more. The gateways must be awake. */
  void round() {
    rounds++;
    subscribe();
    takeOver();
    replaceRetained();
  }

  private void subscribe() {
    subscribers.removeIf(this::noteIfLost);
    if (subscribers.size() >= MOST_SUBSCRIBERS) {
      Subscriber first = subscribers.removeFirst();
      first.watch().end();
      first.client().close();
    }
    String id = Names.client("bystander");
    RecordingClient client = client(id, 0);
    connect(client);
    history.note(id, "has its CONNACK");
    client.subscribe(trafficRoot + "/#", 1);
    history.note(id, "has its SUBACK");
    History.Watch watch = history.watch(id, topic -> topic.startsWith(trafficRoot + "/"));
    client.inbox().onReceipt(receipt -> watch.received(SentMessage.ofPayload(receipt.payload())));
    // What came between the SUBACK and the new listener.
    client
        .inbox()
        .all()
        .forEach(receipt -> watch.received(SentMessage.ofPayload(receipt.payload())));
    subscribers.add(new Subscriber(client, watch));
  }

  private boolean noteIfLost(Subscriber subscriber) {
    if (subscriber.client().hasLostConnection()) {
      subscriber.watch().end();
      return true;
    }
    return false;
  }

  private void takeOver() {
    RecordingClient client = client(wanderer, rounds);
    long calledNanos = System.nanoTime();
    connect(client);
    owners.add(new Owner(client, history.connected(wanderer, calledNanos, System.nanoTime())));
    owners.forEach(this::speak);
  }

  /** The older ones should be over: then there is no answer. */
  private void speak(Owner owner) {
    if (!owner.client().hasLostConnection()) {
      long sentNanos = System.nanoTime();
      var _ =
          owner
              .client()
              .publishAsync(wanderer, "here", 1, false)
              .thenRun(() -> owner.ownership().answered(sentNanos));
    }
  }

  private void replaceRetained() {
    SentMessage message = new SentMessage("retainer", retainedTopic, 1, rounds);
    RecordingClient writer = client(Names.client("writer"), 1);
    connect(writer);
    writer.publish(retainedTopic, message.payload(), 1, true);
    history.retainedAcknowledged(message);
    writer.disconnect();

    long before = history.lastRetained(retainedTopic);
    RecordingClient reader = client(Names.client("reader"), 2);
    connect(reader);
    reader.subscribe(retainedTopic, 1);
    String payload = reader.inbox().awaitCount(1).getFirst().payload();
    history.retainedRead(retainedTopic, before, SentMessage.ofPayload(payload));
    reader.disconnect();
  }

  /** While its shard is out of reach a client is refused; it tries again. */
  private static void connect(RecordingClient client) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(ConnectRefusedException.class)
        .until(
            () -> {
              client.connect();
              return true;
            });
  }

  private RecordingClient client(String id, int gateway) {
    List<Address> gateways = cluster.gatewaysFrom(rounds + gateway);
    return clients.create(ClientLibrary.HIVEMQ_5, ClientSettings.of(gateways.getFirst(), id));
  }

  /** How many subscribers have kept their connection. */
  int remaining() {
    subscribers.removeIf(this::noteIfLost);
    return subscribers.size();
  }

  /** To be called when nothing is sent any more: checks what was promised to them. */
  void finish() {
    owners.forEach(this::speak);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> {
              subscribers.removeIf(this::noteIfLost);
              history.mustKeep(new SubackMeansSubscribed());
            });
    history.mustKeep(new RetainedIsLastAcknowledged(), new OneOwnerPerClientId(NOTICE));
  }
}
