package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.MqttWebSocketConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets, plain and over TLS, with clients that others wrote: MQTT.js and HiveMQ's. */
class WebSocketIT {
  private static final Path SCRIPT = Path.of("src", "test", "resources", "foreign", "websocket.js");
  private static final @Nullable String MODULES = System.getenv("VMQTT_NODE_MODULES");
  private static final Address WS = Address.local(FreePorts.next());
  private static final Address PACKED = Address.local(FreePorts.next());
  private static final Address WSS = Address.local(FreePorts.next());
  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static final Signed SERVER = AUTHORITY.sign("broker");
  private static final Path FOLDER = folder();
  private static final Path CA = AUTHORITY.certificateTo(FOLDER.resolve("ca.pem"));

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
          "--listeners",
          ("ws=%s transport=ws; packed=%s transport=ws deflate=true;"
                  + " wss=%s transport=wss path=/secure deflate=true certificate=%s key=%s")
              .formatted(
                  WS,
                  PACKED,
                  WSS,
                  SERVER.certificateTo(FOLDER.resolve("certificate.pem")),
                  SERVER.keyTo(FOLDER.resolve("key.pem"))));

  private static Path folder() {
    try {
      return Files.createTempDirectory("websocket");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void deleteFiles() throws IOException {
    for (String file : List.of("ca.pem", "certificate.pem", "key.pem", "")) {
      Files.delete(FOLDER.resolve(file));
    }
  }

  @ParameterizedTest
  @CsvSource({"ws, 3", "ws, 4", "ws, 5", "wss, 4", "wss, 5"})
  void mqttJs_eachVersion_publishesAndReceives(String scheme, String version) throws Exception {
    String url =
        scheme.equals("ws")
            ? "ws://localhost:" + WS.port() + "/mqtt"
            : "wss://localhost:" + WSS.port() + "/secure";
    List<String> said = mqttJs(url, version, "web/" + scheme + version, false);
    assertEquals(List.of("0 10", "1 1000", "2 200000"), said);
  }

  /** Both sides pack: what came over the network is far less than was said. */
  @ParameterizedTest
  @CsvSource({"ws, 4", "ws, 5", "wss, 5"})
  void mqttJs_messagesPacked_publishesAndReceives(String scheme, String version) throws Exception {
    String url =
        scheme.equals("ws")
            ? "ws://localhost:" + PACKED.port() + "/mqtt"
            : "wss://localhost:" + WSS.port() + "/secure";
    List<String> said = mqttJs(url, version, "packed/" + scheme + version, true);
    assertEquals(List.of("0 10", "1 1000", "2 200000"), said.subList(0, 3));
    assertEquals(5, said.size(), said::toString);
    assertEquals("extensions permessage-deflate", said.get(4));
    String[] bytes = said.get(3).split(" ", -1);
    assertEquals("bytes", bytes[0]);
    assertTrue(Integer.parseInt(bytes[1]) < 20_000, said.get(3));
    assertTrue(Integer.parseInt(bytes[2]) < 20_000, said.get(3));
  }

  /** Who asks for it where it is not to be had is served without. */
  @Test
  void mqttJs_asksForWhatIsNotThere_isServedWithout() throws Exception {
    List<String> said = mqttJs("ws://localhost:" + WS.port() + "/mqtt", "5", "packed/not", true);
    assertEquals(List.of("0 10", "1 1000", "2 200000"), said.subList(0, 3));
    assertEquals("extensions", said.get(4).strip());
  }

  private static List<String> mqttJs(String url, String version, String topic, boolean packs)
      throws Exception {
    Assumptions.assumeTrue(
        MODULES != null && Files.isDirectory(Path.of(MODULES, "mqtt")),
        "the variable VMQTT_NODE_MODULES names no folder with mqtt");
    List<String> command =
        new ArrayList<>(List.of("node", SCRIPT.toString(), url, version, topic, CA.toString()));
    if (packs) {
      command.add("packs");
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("NODE_PATH", String.valueOf(MODULES));
    Command.Ended ended = Command.await(builder, "");
    assertEquals(0, ended.exitCode(), ended.output());
    return ended.output().strip().lines().sorted().toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  void hivemq_largeMessagesAtEachQos_comeBack(String scheme) throws InterruptedException {
    Mqtt5BlockingClient client =
        scheme.equals("ws") ? hivemq(WS, "mqtt", false) : hivemq(WSS, "secure", true);
    client.connect();
    try (var received = client.publishes(MqttGlobalPublishFilter.ALL)) {
      client.subscribeWith().topicFilter("large/" + scheme).qos(MqttQos.EXACTLY_ONCE).send();
      for (MqttQos qos : MqttQos.values()) {
        byte[] payload = new byte[300_000 + qos.getCode()];
        client.publishWith().topic("large/" + scheme).qos(qos).payload(payload).send();
        assertEquals(
            payload.length,
            received.receive(20, TimeUnit.SECONDS).orElseThrow().getPayloadAsBytes().length);
      }
    }
    client.disconnect();
  }

  @Test
  void hivemq_wrongPath_isRefused() {
    assertThrows(RuntimeException.class, () -> hivemq(WS, "other", false).connect());
  }

  private static Mqtt5BlockingClient hivemq(Address at, String path, boolean tls) {
    Mqtt5ClientBuilder builder =
        Mqtt5Client.builder()
            .serverHost("localhost")
            .serverPort(at.port())
            .webSocketConfig(MqttWebSocketConfig.builder().serverPath(path).build());
    if (tls) {
      builder =
          builder.sslConfig(
              MqttClientSslConfig.builder().trustManagerFactory(AUTHORITY.trust()).build());
    }
    return builder.buildBlocking();
  }
}
