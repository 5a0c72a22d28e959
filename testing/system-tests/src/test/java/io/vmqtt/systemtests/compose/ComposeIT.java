package io.vmqtt.systemtests.compose;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.client.Receipt;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.machine.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the README promises of the compose file. The tests tell one story in order, since a cluster
 * of ten containers takes its time to start.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComposeIT {
  private static final int MESSAGES = 20;

  /** The password of each is checked at each return: not a second's work of ten containers. */
  private static final int CROWD = 80;

  /** Seconds less than clients wait whom HAProxy sends to gateways that are gone. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(8);

  /**
   * The same where gateways begin and end all at once: how long that takes is the machine's affair.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final ClientLibrary[] LIBRARIES = ClientLibrary.values();

  @RegisterExtension static final ComposeCluster cluster = new ComposeCluster();
  @RegisterExtension final Clients clients = new Clients();

  @Test
  @Order(1)
  void publish_throughHaproxyToOneGateway_arrives() {
    cluster.awaitGateways(1);
    String root = Names.topic();
    RecordingClient subscriber = connect(ClientLibrary.HIVEMQ_5);
    subscriber.subscribe(root + "/+", 2);
    RecordingClient publisher = connect(ClientLibrary.PAHO_3);
    publishAtEachQos(publisher, root, List.of(subscriber));
  }

  /** As the README has it. */
  @Test
  @Order(1)
  void publish_overTls_onlyWithThePassword(@TempDir Path folder) throws Exception {
    Path authority = Files.write(folder.resolve("ca.pem"), cluster.inGateway("ca.pem"));
    String topic = Names.topic();
    List<String> publish = List.of("mosquitto_pub", "-r", "-m", "hello");
    List<String> subscribe = List.of("mosquitto_sub", "-C", "1", "-W", "20");

    assertEquals("", overTls(publish, authority, cluster.login().password(), topic));
    assertEquals("hello", overTls(subscribe, authority, cluster.login().password(), topic));
    String refused = overTls(subscribe, authority, "wrong", topic);
    assertTrue(refused.contains("bad user name or password"), refused);
  }

  private static String overTls(List<String> command, Path authority, String password, String topic)
      throws Exception {
    List<String> all = new ArrayList<>(List.of("timeout", "60"));
    all.addAll(command);
    all.addAll(List.of("-h", "localhost", "-p", Integer.toString(cluster.mqtts().port())));
    all.addAll(List.of("--cafile", authority.toString(), "-t", topic));
    all.addAll(List.of("-u", cluster.login().user(), "-P", password));
    return Command.await(new ProcessBuilder(all), "").output().strip();
  }

  @Test
  @Order(1)
  void secrets_areNotWhatDockerTells() {
    String told = cluster.inspection();

    assertFalse(told.contains(cluster.login().password()));
    assertFalse(told.contains("PRIVATE KEY"));
  }

  @Test
  @Order(2)
  void scale_fromOneGatewayToThree_spreadsClientsThatReachEachOther() {
    String root = Names.topic();
    RecordingClient early = connect(ClientLibrary.HIVEMQ_3);
    early.subscribe(root + "/+", 2);

    cluster.scaleGateways(3);
    cluster.awaitGateways(3);
    cluster.awaitBalancedOver(3);

    List<RecordingClient> all = new ArrayList<>(List.of(early));
    for (int i = 0; i < 8; i++) {
      RecordingClient client = connect(LIBRARIES[i % LIBRARIES.length]);
      client.subscribe(root + "/+", 2);
      all.add(client);
    }
    await("every gateway has clients")
        .untilAsserted(
            () -> {
              Collection<Integer> open = cluster.connectionsByGateway().values();
              assertEquals(3, open.size());
              assertTrue(Collections.min(open) > 0, "connections by gateway: " + open);
            });
    // Everybody publishes to everybody: from every gateway to every gateway.
    all.forEach(publisher -> publishAtEachQos(publisher, root, all));
    assertEquals(1, early.connections(), "a client of the first gateway noticed nothing");
  }

  @Test
  @Order(3)
  void kill_ofAGateway_itsClientsAreBackAtOnce() {
    String topic = Names.topic();
    try (Pulse _ = Pulse.start(persistent(ClientLibrary.HIVEMQ_5), topic);
        Audience audience = new Audience(cluster.mqtt(), cluster.login(), topic)) {
      audience.grow(CROWD);

      cluster.killGateway();

      audience.awaitAllHear(LONGEST_SILENCE);
    }
  }

  @Test
  @Order(4)
  void scale_fromThreeGatewaysToFiveToTwo_touchesNoOtherContainerAndLetsMessagesFlow()
      throws Exception {
    String topic = Names.topic();
    Set<String> three = cluster.containers();
    RecordingClient subscriber = persistent(ClientLibrary.HIVEMQ_3);
    subscriber.subscribe(topic, 1);
    try (Pulse pulse = Pulse.start(persistent(ClientLibrary.HIVEMQ_5), topic)) {
      try (Audience audience = new Audience(cluster.mqtt(), cluster.login(), topic)) {
        audience.grow(CROWD / 2);

        cluster.scaleGateways(5);
        cluster.awaitBalancedOver(5);
        Set<String> five = cluster.containers();
        assertTrue(five.containsAll(three), "none was replaced");
        assertEquals(three.size() + 2, five.size());
        audience.grow(CROWD / 2);

        cluster.scaleGateways(2);
        cluster.awaitBalancedOver(2);
        Set<String> two = cluster.containers();
        assertTrue(three.containsAll(two), "none was replaced");
        assertEquals(three.size() - 1, two.size());
        audience.awaitAllHear(PATIENCE);
      }
      List<String> published = pulse.stop();
      assertEquals(
          published,
          subscriber.inbox().awaitPayload(published.getLast()).stream()
              .map(Receipt::payload)
              .distinct()
              .toList());
    }
  }

  @Test
  @Order(5)
  void ports_ofAll_arePublishedToThisMachineAlone() {
    List<String> published =
        cluster.publishedAddresses().stream()
            .flatMap(line -> Stream.of(line.strip().split(" ")))
            .filter(address -> !address.endsWith(":0") && !address.isEmpty())
            .toList();
    assertEquals(5, published.size(), published::toString);
    assertTrue(
        published.stream().allMatch(address -> address.startsWith("127.0.0.1:")),
        published::toString);
    assertTrue(published.contains("127.0.0.1:" + cluster.mqtt().port()), published::toString);
  }

  @Test
  @Order(6)
  void scale_fromTwoGatewaysToOne_costsClientsAReconnect() {
    List<String> topics = new ArrayList<>();
    List<RecordingClient> subscribers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String topic = Names.topic();
      RecordingClient subscriber = persistent(LIBRARIES[i % LIBRARIES.length]);
      subscriber.subscribe(topic, 1);
      topics.add(topic);
      subscribers.add(subscriber);
    }

    cluster.scaleGateways(1);
    cluster.awaitGateways(1);

    RecordingClient publisher = connect(ClientLibrary.HIVEMQ_5);
    for (int i = 0; i < subscribers.size(); i++) {
      publisher.publish(topics.get(i), "after the change", 1);
    }
    for (RecordingClient subscriber : subscribers) {
      subscriber.inbox().awaitPayload("after the change");
    }
    assertTrue(
        subscribers.stream().anyMatch(subscriber -> subscriber.connections() > 1),
        "some clients were on the gateways that went");
  }

  private RecordingClient connect(ClientLibrary library) {
    RecordingClient client =
        clients.create(
            library,
            ClientSettings.of(cluster.mqtt(), Names.client(library.name()))
                .withLogin(cluster.login()));
    client.connect();
    return client;
  }

  /** A connected client with a persistent session that comes back by itself. */
  private RecordingClient persistent(ClientLibrary library) {
    RecordingClient client =
        clients.create(
            library,
            ClientSettings.of(cluster.mqtt(), Names.client("staying"))
                .withLogin(cluster.login())
                .withPersistentSession()
                .returningTo(List.of(cluster.mqtt(), cluster.mqtt())));
    client.connect();
    return client;
  }

  /** Publishes, and waits until every subscriber has all of it, once and in order. */
  private static void publishAtEachQos(
      RecordingClient publisher, String root, List<RecordingClient> subscribers) {
    for (int qos = 0; qos <= 2; qos++) {
      String topic = root + "/" + qos;
      String name = Names.client("message");
      List<String> payloads =
          IntStream.range(0, MESSAGES).mapToObj(number -> name + " " + number).toList();
      for (String payload : payloads) {
        publisher.publish(topic, payload, qos);
      }
      for (RecordingClient subscriber : subscribers) {
        List<String> received =
            subscriber.inbox().awaitPayload(payloads.getLast()).stream()
                .filter(receipt -> receipt.topic().equals(topic))
                .map(Receipt::payload)
                .filter(payload -> payload.startsWith(name + " "))
                .toList();
        assertEquals(payloads, received);
      }
    }
  }
}
