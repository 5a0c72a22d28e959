package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.MetricsPage;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.client.LastWill;
import io.vmqtt.testkit.client.Receipt;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.conformance.Conforms;
import io.vmqtt.testkit.history.History;
import io.vmqtt.testkit.history.NoAcknowledgedMessageLost;
import io.vmqtt.testkit.history.OrderPerPublisherAndTopic;
import io.vmqtt.testkit.history.QosTwoExactlyOnce;
import io.vmqtt.testkit.history.SentMessage;
import io.vmqtt.testkit.net.BreakableRelay;
import io.vmqtt.testkit.process.ClusterProcesses;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.servers.PrometheusProcess;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients need not know which gateway the others are on. */
class AcrossGatewaysIT {
  private static final int MESSAGES = 300;
  private static final int SESSION_TAKEN_OVER = 0x8E;

  @RegisterExtension static final ClusterProcesses cluster = ClusterProcesses.of(2, 2, 3);
  @RegisterExtension final Clients clients = new Clients();

  private RecordingClient on(int gateway, ClientLibrary library) {
    return clients.connect(library, cluster.gateway(gateway));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  @Conforms(
      v311 = {"MQTT-4.5.0-1", "MQTT-4.6.0-5", "MQTT-4.6.0-6"},
      v5 = {"MQTT-4.5.0-1", "MQTT-4.6.0-5", "MQTT-4.6.0-6"})
  void publish_onOneGateway_reachesSubscribersOnTheOthers(int qos) {
    String topic = Names.topic();
    History history = new History();
    List<RecordingClient> subscribers = new ArrayList<>();
    ClientLibrary[] libraries = {ClientLibrary.HIVEMQ_5, ClientLibrary.PAHO_3};
    for (int gateway = 0; gateway < 2; gateway++) {
      RecordingClient subscriber = on(gateway, libraries[gateway]);
      subscriber.subscribe(topic, qos);
      subscribers.add(subscriber);
      history.subscribed("on gateway " + gateway, topic::equals);
    }
    RecordingClient publisher = on(2, ClientLibrary.HIVEMQ_5);

    LongStream.rangeClosed(1, MESSAGES)
        .mapToObj(sequence -> new SentMessage("publisher", topic, qos, sequence))
        .map(
            message ->
                publisher
                    .publishAsync(topic, message.payload(), qos, false)
                    .thenRun(() -> history.acknowledged(message)))
        .toList()
        .forEach(CompletableFuture::join);

    String last = new SentMessage("publisher", topic, qos, MESSAGES).payload();
    for (int gateway = 0; gateway < 2; gateway++) {
      for (Receipt receipt : subscribers.get(gateway).inbox().awaitPayload(last)) {
        assertEquals(qos, receipt.qos());
        history.received("on gateway " + gateway, SentMessage.ofPayload(receipt.payload()));
      }
      assertEquals(MESSAGES, subscribers.get(gateway).inbox().all().size());
    }
    history.mustKeep(
        new NoAcknowledgedMessageLost(), new QosTwoExactlyOnce(), new OrderPerPublisherAndTopic());
  }

  @ParameterizedTest
  @EnumSource
  @Conforms(
      v311 = {"MQTT-3.1.3-2", "MQTT-3.1.4-2"},
      v5 = {"MQTT-3.1.3-2", "MQTT-3.1.4-3"})
  void connect_sameClientIdOnAnotherGateway_disconnectsTheFirst(ClientLibrary library) {
    String id = Names.client("wanderer");
    String topic = Names.topic();
    RecordingClient first =
        clients.create(library, ClientSettings.of(cluster.gateway(0), id).withPersistentSession());
    first.connect();
    first.subscribe(topic, 1);

    RecordingClient second =
        clients.create(
            ClientLibrary.HIVEMQ_5,
            ClientSettings.of(cluster.gateway(1), id).withPersistentSession());
    assertTrue(second.connect(), "the session is there");
    assertEquals(
        library.isMqtt5() ? OptionalInt.of(SESSION_TAKEN_OVER) : OptionalInt.empty(),
        first.awaitDisconnected());

    on(2, ClientLibrary.HIVEMQ_3).publish(topic, "for the second", 1);
    second.inbox().awaitExactly(List.of("for the second"));
    assertEquals(List.of(), first.inbox().payloads());
  }

  @Test
  @Conforms(v5 = "MQTT-3.1.4-3")
  void connect_transientSessionOnAnotherGateway_disconnectsTheFirst() {
    String id = Names.client("wanderer");
    RecordingClient first =
        clients.create(ClientLibrary.PAHO_5, ClientSettings.of(cluster.gateway(1), id));
    first.connect();
    RecordingClient second =
        clients.create(ClientLibrary.HIVEMQ_5, ClientSettings.of(cluster.gateway(2), id));
    second.connect();
    assertEquals(OptionalInt.of(SESSION_TAKEN_OVER), first.awaitDisconnected());
  }

  @Test
  @Conforms(
      v311 = {"MQTT-3.3.1-5", "MQTT-3.3.1-6", "MQTT-3.3.1-8", "MQTT-3.3.1-10", "MQTT-3.3.1-11"},
      v5 = {"MQTT-3.3.1-5", "MQTT-3.3.1-6", "MQTT-3.3.1-7", "MQTT-3.3.1-9"})
  void retainedPublish_subscriptionOnAnotherGateway_getsTheLatest() {
    String root = Names.topic();
    RecordingClient publisher = on(0, ClientLibrary.HIVEMQ_5);
    for (int room = 0; room < 20; room++) {
      publisher.publish(root + "/room-" + room, "old " + room, 1, true);
      publisher.publish(root + "/room-" + room, "new " + room, 1, true);
    }
    publisher.publish(root + "/room-0", "", 1, true);

    RecordingClient literal = on(1, ClientLibrary.PAHO_3);
    literal.subscribe(root + "/room-7", 1);
    assertEquals(
        new Receipt(root + "/room-7", "new 7", 1, true, false),
        literal.inbox().awaitCount(1).getFirst());

    RecordingClient wildcard = on(2, ClientLibrary.PAHO_5);
    wildcard.subscribe(root + "/+", 1);
    wildcard.inbox().awaitCount(19);
    assertEquals(
        IntStream.range(1, 20).mapToObj(room -> "new " + room).sorted().toList(),
        wildcard.inbox().payloads().stream().sorted().toList());
  }

  @Test
  void subscribe_withWildcardsOnAnotherGateway_getsWhatMatches() {
    String root = Names.topic();
    RecordingClient one = on(0, ClientLibrary.HIVEMQ_5);
    one.subscribe(root + "/+/temperature", 1);
    RecordingClient all = on(1, ClientLibrary.PAHO_5);
    all.subscribe(root + "/#", 1);
    RecordingClient publisher = on(2, ClientLibrary.HIVEMQ_3);
    publisher.publish(root + "/kitchen/temperature", "warm", 1);
    publisher.publish(root + "/kitchen/light", "on", 1);
    publisher.publish(root + "/cellar/temperature", "cold", 1);
    publisher.publish(root + "/end/temperature", "end", 1);
    // Each topic may take its own path: only the end of all of them is waited for.
    one.inbox().awaitCount(3);
    all.inbox().awaitCount(4);
    assertEquals(List.of("cold", "end", "warm"), one.inbox().payloads().stream().sorted().toList());
    assertEquals(
        List.of("cold", "end", "on", "warm"), all.inbox().payloads().stream().sorted().toList());
  }

  @Test
  @Conforms(v5 = "MQTT-3.10.4-2")
  void unsubscribe_onAnotherGateway_endsDeliveries() {
    String topic = Names.topic();
    RecordingClient subscriber = on(0, ClientLibrary.HIVEMQ_5);
    subscriber.subscribe(topic, 1);
    RecordingClient publisher = on(1, ClientLibrary.HIVEMQ_5);
    publisher.publish(topic, "before", 1);
    subscriber.inbox().awaitPayload("before");
    subscriber.unsubscribe(topic);
    publisher.publish(topic, "after", 1);
    subscriber.subscribe(topic, 1);
    publisher.publish(topic, "again", 1);
    subscriber.inbox().awaitPayload("again");
    assertEquals(List.of("before", "again"), subscriber.inbox().payloads());
  }

  @Test
  void subscribe_asAGroupAcrossGateways_sharesEachMessageOnce() {
    String topic = Names.topic();
    List<RecordingClient> members = new ArrayList<>();
    for (int gateway = 0; gateway < 3; gateway++) {
      RecordingClient member = on(gateway, ClientLibrary.HIVEMQ_5);
      member.subscribe("$share/group/" + topic, 1);
      members.add(member);
    }
    RecordingClient publisher = on(0, ClientLibrary.PAHO_3);
    List<String> payloads =
        IntStream.range(0, MESSAGES).mapToObj(number -> "message " + number).toList();
    payloads.forEach(payload -> publisher.publish(topic, payload, 1));
    await().until(() -> members.stream().mapToInt(m -> m.inbox().all().size()).sum() >= MESSAGES);
    List<String> received =
        members.stream().flatMap(member -> member.inbox().payloads().stream()).sorted().toList();
    assertEquals(payloads.stream().sorted().toList(), received);
    for (RecordingClient member : members) {
      assertTrue(!member.inbox().all().isEmpty(), "a member of the group got nothing");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void connectionLost_memberOfAGroup_aMemberElsewhereGetsWhatItLeft(boolean persistent) {
    String topic = Names.topic();
    String shared = "$share/group/" + topic;
    ClientSettings settings = ClientSettings.of(cluster.gateway(1), Names.client("stays"));
    RecordingClient stays =
        clients.create(
            ClientLibrary.HIVEMQ_5, persistent ? settings.withPersistentSession() : settings);
    stays.connect();
    stays.subscribe(shared, 1);
    RecordingClient publisher = on(2, ClientLibrary.HIVEMQ_5);
    List<String> payloads = IntStream.range(0, 10).mapToObj(number -> "message " + number).toList();
    try (RawConnection vanishes =
        RawConnection.openAnd(cluster.gateway(0), Packets.connect(Names.client("vanishes")))) {
      assertEquals(PacketType.SUBACK, vanishes.send(Packets.subscribe(1, shared, 1)).read().type());
      payloads.forEach(payload -> publisher.publish(topic, payload, 1));
      assertEquals(PacketType.PUBLISH, vanishes.read().type());
      vanishes.cut();
    }

    assertEquals(
        payloads,
        stays.inbox().awaitCount(payloads.size()).stream().map(Receipt::payload).sorted().toList());
  }

  @Test
  @Conforms(v5 = {"MQTT-3.1.2-7", "MQTT-3.1.2-8"})
  void connectionLost_clientWithAWill_publishesItOnOtherGateways() throws IOException {
    String topic = Names.topic();
    RecordingClient subscriber = on(0, ClientLibrary.HIVEMQ_5);
    subscriber.subscribe(topic, 2);
    try (BreakableRelay relay = new BreakableRelay(cluster.gateway(1))) {
      RecordingClient dying =
          clients.create(
              ClientLibrary.HIVEMQ_5,
              ClientSettings.of(relay.address(), Names.client("dying"))
                  .withWill(new LastWill(topic, "died", 2, false)));
      dying.connect();
      relay.cut();
      assertEquals(
          List.of(new Receipt(topic, "died", 2, false, false)), subscriber.inbox().awaitCount(1));
    }
  }

  @Test
  @Conforms(v5 = {"MQTT-3.1.2-10", "MQTT-3.14.4-3"})
  void disconnect_clientWithAWill_publishesNoneAnywhere() {
    String topic = Names.topic();
    RecordingClient subscriber = on(0, ClientLibrary.HIVEMQ_5);
    subscriber.subscribe(topic, 1);
    String id = Names.client("leaving");
    RecordingClient leaving =
        clients.create(
            ClientLibrary.HIVEMQ_5,
            ClientSettings.of(cluster.gateway(1), id)
                .withWill(new LastWill(topic, "died", 1, false)));
    leaving.connect();
    leaving.disconnect();
    RecordingClient back =
        clients.create(ClientLibrary.HIVEMQ_5, ClientSettings.of(cluster.gateway(2), id));
    back.connect();
    back.publish(topic, "end", 1);
    subscriber.inbox().awaitPayload("end");
    assertEquals(List.of("end"), subscriber.inbox().payloads());
  }

  /** As the compose file's profile {@code observability} has it, but for the question to Consul. */
  @Test
  void prometheus_asTheComposeFileHasIt_findsEveryProcess(@TempDir Path folder) throws Exception {
    ObjectMapper json = new ObjectMapper();
    Path setUp = Path.of("..", "..", "deploy", "compose", "observability");
    try (PrometheusProcess prometheus = PrometheusProcess.start(folder, setUp, targets(json))) {
      await("all are scraped")
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () -> {
                List<String> up = new ArrayList<>();
                for (JsonNode series :
                    json.readTree(prometheus.get("/api/v1/query?query=up%3D%3D1"))
                        .path("data")
                        .path("result")) {
                  up.add(series.path("metric").path("role").asText());
                }
                Collections.sort(up);
                assertEquals(
                    List.of(
                        "cluster-registry",
                        "edge-gateway",
                        "edge-gateway",
                        "edge-gateway",
                        "routing-service",
                        "routing-service",
                        "session-store",
                        "session-store"),
                    up);
              });

      Set<String> names = new TreeSet<>();
      json.readTree(prometheus.get("/api/v1/label/__name__/values"))
          .path("data")
          .forEach(name -> names.add(name.asText()));
      MetricsPage page = MetricsPage.read();
      assertEquals(
          List.of(),
          names.stream().filter(name -> name.startsWith("vmqtt_") && !page.has(name)).toList());
      assertEquals(Set.of(), foreignMetrics(setUp.resolve("boards"), names));
    }
  }

  /** Whom Consul names to a Prometheus that asks it, with the labels that it has them under. */
  private static String targets(ObjectMapper json) throws IOException {
    ArrayNode targets = json.createArrayNode();
    for (String role :
        List.of("edge-gateway", "routing-service", "session-store", "cluster-registry")) {
      for (JsonNode entry : json.readTree(cluster.consul().get("/v1/health/service/" + role))) {
        JsonNode service = entry.path("Service");
        ObjectNode target = targets.addObject();
        target
            .putArray("targets")
            .add(service.path("Address").asText() + ":" + service.path("Port").asText());
        target
            .putObject("labels")
            .put("__meta_consul_service", role)
            .put(
                "__meta_consul_service_metadata_node_id",
                service.path("Meta").path("node-id").asText());
      }
    }
    return json.writeValueAsString(targets);
  }

  /** Those of the boards that are not the broker's own, and that nobody has. */
  private static Set<String> foreignMetrics(Path boards, Set<String> there) throws IOException {
    Set<String> missing = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(boards)) {
      for (Path file : files) {
        Pattern.compile("\\b(?:jvm|process|system|logback)_[a-z_]+")
            .matcher(Files.readString(file))
            .results()
            .forEach(found -> missing.add(found.group()));
      }
    }
    assertFalse(missing.isEmpty());
    missing.removeAll(there);
    missing.remove("jvm_gc_pause_seconds_sum"); // only once something was collected
    return missing;
  }
}
