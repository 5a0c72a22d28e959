package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vmqtt.systemtests.AdminApi;
import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.process.ClusterNode;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.raw.RawPacket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page for operators, in a browser, at a cluster of processes. */
class PageIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int ADMINISTRATIVE_ACTION = 0x98;
  private static final int BANNED = 0x8A;
  private static final int CLIENTS = 10_000;
  private static final int CLIENTS_AT_ONCE = 250;
  private static final Duration PUBLISH_PERIOD = Duration.ofMillis(100);
  private static final String WANTED = "meter-07421";
  private static final String PASSWORD = "correct horse";

  /** Of the password. */
  private static final String HASH =
      "$argon2id$v=19$m=19456,t=2,p=1$+TOWfA25GS0jfzEjB2Bzcw"
          + "$ssffNWDmDSibvlhmcPcQluNg5+LL3GLayqvk3w/HOGg";

  private static final Path FILE = write("anna:operator::" + HASH + "\nroot:admin::" + HASH + '\n');
  private static final Path NAMESPACES = write("plant: {connections: 1000}\n");
  private static final Address WEB_SOCKETS = Address.local(FreePorts.next());

  @RegisterExtension
  static final ClusterProcesses cluster =
      ClusterProcesses.of(1, 3, 1)
          .withReplicas(3)
          .withGatewayOptions(
              "--listeners",
              "ws=" + WEB_SOCKETS + " transport=ws",
              "--hold-off-except",
              "192.0.2.0/24")
          .withRegistryOptions(
              "--operators", FILE.toString(), "--namespaces", NAMESPACES.toString());

  @TempDir private Path pictures;

  private static Path write(String text) {
    try {
      return Files.writeString(Files.createTempFile("vmqtt-page-", ".txt"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeAll
  static void awaitOperators() {
    await().atMost(PATIENCE).until(() -> anna().ask("GET", "/me", null).status() == 200);
  }

  @AfterAll
  static void deleteFiles() throws IOException {
    Files.delete(FILE);
    Files.delete(NAMESPACES);
  }

  private static Address registry() {
    return cluster.all(Kind.REGISTRY).getFirst().http();
  }

  private static AdminApi anna() {
    return AdminApi.as(registry(), "anna", PASSWORD);
  }

  private static AdminApi root() {
    return AdminApi.as(registry(), "root", PASSWORD);
  }

  @Test
  void modules_byThemselves_doWhatTheySay() throws IOException {
    Command.Ended ended = PageOperator.testModules();
    assertEquals(0, ended.exitCode(), ended::output);
    assertTrue(ended.output().contains("ok 1 - connect_isWhatOthersRead"), ended::output);
  }

  @Test
  void files_areSentAsABrowserMayTrustThem() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> index = get(client, registry(), "/");
      assertEquals(200, index.statusCode());
      String policy = header(index, "Content-Security-Policy");
      assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; "), policy);
      assertTrue(policy.contains("frame-ancestors 'none'"), policy);
      assertFalse(policy.contains("unsafe"), policy);
      assertEquals("nosniff", header(index, "X-Content-Type-Options"));
      assertEquals("no-referrer", header(index, "Referrer-Policy"));
      assertEquals("no-cache", header(index, "Cache-Control"));

      Matcher script =
          Pattern.compile("src=\"(page/([0-9a-f]{16})/[^\"]+)\"").matcher(index.body());
      assertTrue(script.find(), index::body);
      HttpResponse<String> module = get(client, registry(), '/' + script.group(1));
      assertEquals("text/javascript; charset=utf-8", header(module, "Content-Type"));
      assertTrue(header(module, "Cache-Control").endsWith("immutable"), module::toString);
      String folder = script.group(2);
      for (String none :
          List.of(
              "/page/" + folder + "/src/none.js",
              "/page/" + folder + "/..%2f..%2flogback.xml",
              "/page/0000000000000000/src/main.js")) {
        assertEquals(404, get(client, registry(), none).statusCode(), none);
      }
      for (Kind other : List.of(Kind.GATEWAY, Kind.ROUTER, Kind.STORE)) {
        Address http = cluster.all(other).getFirst().http();
        assertEquals(404, get(client, http, "/").statusCode(), other::toString);
      }
    }
  }

  private static HttpResponse<String> get(HttpClient client, Address at, String path)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://" + at + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void operator_findsOneOfManyClients_watches_andSeesAStoreGoAndComeBack() throws Exception {
    PageOperator.require();
    List<RawConnection> many = new ArrayList<>();
    try {
      while (many.size() < CLIENTS) {
        connect(many);
      }
      RawConnection wanted = many.get(Integer.parseInt(WANTED.substring(6)));
      try (PageOperator operator =
          new PageOperator(
              "http://" + registry(),
              "anna",
              PASSWORD,
              "ws://" + WEB_SOCKETS + "/mqtt",
              WANTED,
              "page",
              pictures.toString())) {
        assertEquals("signed in", operator.next());
        assertEquals("listed " + CLIENTS, operator.next());
        assertEquals("found", operator.next());
        assertEquals("disconnected", operator.next());
        RawPacket end = wanted.read();
        assertEquals(PacketType.DISCONNECT, end.type());
        assertEquals(ADMINISTRATIVE_ACTION, end.reasonCode());

        assertEquals("subscribed", operator.next());
        publish("page/news", "<b>from elsewhere</b><img src=x>");
        assertEquals("received", operator.next());

        assertEquals("green", operator.next());
        ClusterNode store = cluster.all(Kind.STORE).getLast();
        String id = store.status().path("id").asText();
        store.process().kill();
        assertEquals("red " + id, operator.next());
        store.start();
        store.awaitReady();
        assertEquals("green again", operator.next());
        assertEquals("signed out", operator.next());
      }
    } finally {
      many.forEach(RawConnection::close);
    }
  }

  @Test
  void admin_seesWhatHolds_asksWhy_bans_andChangesRulesThatSomebodyElseChangesToo()
      throws Exception {
    PageOperator.require();
    try (RawConnection pump =
            RawConnection.openAnd(cluster.gateway(0), RawConnect.clean(5, "pump-7").encoded());
        PageOperator operator =
            new PageOperator(
                "http://" + registry(),
                "root",
                PASSWORD,
                "ws://" + WEB_SOCKETS + "/mqtt",
                "pump-7",
                "wider",
                pictures.toString(),
                "settings")) {
      pump.send(Packets.subscribe(1, "wider/#", 1)).read();
      assertEquals("signed in", operator.next());
      assertEquals("alarms", operator.next());
      assertEquals("configured", operator.next());
      assertEquals("explained", operator.next());
      assertEquals("banned", operator.next());
      assertEquals(BANNED, pump.read().reasonCode());
      assertEquals("pardoned", operator.next());

      assertEquals("writes", operator.next());
      assertEquals(200, sayRules("{\"deny\": \"subscribe\", \"topics\": \"wider/other\"}"));
      assertEquals("changed", operator.next());
      assertEquals("wider/secret", deniedTopic());
      assertEquals("restored", operator.next());
      assertEquals("wider/other", deniedTopic());
      assertEquals("read only", operator.next());
      assertEquals("signed out", operator.next());
    } finally {
      root().follow("*", "PUT", "/access", "{}");
    }
  }

  @Test
  void operator_seesWhatIsBusiest_andTracesAClient() throws Exception {
    PageOperator.require();
    try (RawConnection meter =
            RawConnection.openAnd(cluster.gateway(0), RawConnect.clean(5, "meter-7").encoded());
        ScheduledExecutorService traffic = Executors.newSingleThreadScheduledExecutor();
        PageOperator operator =
            new PageOperator(
                "http://" + registry(),
                "anna",
                PASSWORD,
                "ws://" + WEB_SOCKETS + "/mqtt",
                "meter-7",
                "busy/meter-7",
                pictures.toString(),
                "traffic")) {
      ScheduledFuture<?> publishing =
          traffic.scheduleAtFixedRate(
              () -> meter.send(Packets.publish("busy/meter-7", "7")),
              0,
              PUBLISH_PERIOD.toMillis(),
              TimeUnit.MILLISECONDS);
      assertEquals("signed in", operator.next());
      assertEquals("busiest", operator.next());
      assertEquals("traced", operator.next());
      assertEquals("stopped", operator.next());
      assertEquals("signed out", operator.next());
      assertTrue(publishing.cancel(false), "the meter has failed");
    }
  }

  @Test
  void admin_clearsAQueue_pardons_hasAnotherStoreLead_andReadsWhatWasDone() throws Exception {
    PageOperator.require();
    String gateway = cluster.all(Kind.GATEWAY).getFirst().status().path("id").asText();
    try (RawConnection sleeper =
        RawConnection.openAnd(cluster.gateway(0), RawConnect.kept(5, "sleeper").encoded())) {
      sleeper.send(Packets.subscribe(1, "deeds/#", 1)).read();
    }
    publish("deeds/one", "1");
    publish("deeds/two", "2");
    sayUsualConnects(gateway, "20");
    try (PageOperator operator =
        new PageOperator(
            "http://" + registry(),
            "root",
            PASSWORD,
            "ws://" + WEB_SOCKETS + "/mqtt",
            "sleeper",
            "deeds/",
            pictures.toString(),
            "deeds")) {
      for (int i = 0; i <= 20; i++) {
        try (RawConnection restless = RawConnection.open(cluster.gateway(0))) {
          restless.send(RawConnect.clean(5, "restless").encoded()).read();
        }
      }
      assertEquals("signed in", operator.next());
      assertEquals("cleared", operator.next());
      assertEquals("pardoned", operator.next());
      assertEquals("led", operator.next());
      assertEquals("listeners", operator.next());
      assertEquals("read", operator.next());
      assertEquals("signed out", operator.next());
    } finally {
      sayUsualConnects(gateway, null);
      root().ask("DELETE", "/sessions/sleeper", null);
    }
  }

  /** An option of a gateway that changes while it runs; null: as at the start. */
  private static void sayUsualConnects(String gateway, @Nullable String count) {
    AdminApi.Answer answer =
        root()
            .ask(
                "PUT",
                "/nodes/" + gateway + "/configuration",
                "{\"options\": {\"hold-off-client-connects\": %s}}"
                    .formatted(count == null ? "null" : '"' + count + '"'));
    assertEquals(200, answer.status(), answer::toString);
    assertEquals(
        count == null ? "default" : "run time", sourceOf("hold-off-client-connects", answer));
  }

  private static String sourceOf(String option, AdminApi.Answer configuration) {
    for (JsonNode one : configuration.body().path("options")) {
      if (one.path("option").asText().equals(option)) {
        return one.path("source").asText();
      }
    }
    throw new AssertionError(configuration);
  }

  /** Puts one rule before one that allows the rest, whatever was said before. */
  private static int sayRules(String rule) {
    return root()
        .follow("*", "PUT", "/access", "{\"rules\": [" + rule + ", {\"default\": \"allow\"}]}")
        .status();
  }

  private static String deniedTopic() {
    return root().get("/access").at("/content/rules/0/topics/0").asText();
  }

  private static void connect(List<RawConnection> many) {
    int first = many.size();
    for (int i = first; i < Math.min(first + CLIENTS_AT_ONCE, CLIENTS); i++) {
      many.add(
          RawConnection.open(cluster.gateway(0))
              .send(RawConnect.clean(5, "meter-%05d".formatted(i)).encoded()));
    }
    many.subList(first, many.size())
        .forEach(connection -> assertEquals(PacketType.CONNACK, connection.read().type()));
  }

  private static void publish(String topic, String payload) {
    AdminApi.Answer answer =
        anna()
            .ask(
                "POST",
                "/messages",
                "{\"messages\": [{\"topic\": \"%s\", \"payload\": \"%s\", \"qos\": 2}]}"
                    .formatted(topic, payload));
    assertEquals("published", answer.body().at("/results/0/outcome").asText(), answer::toString);
  }
}
