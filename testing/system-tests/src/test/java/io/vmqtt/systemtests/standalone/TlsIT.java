package io.vmqtt.systemtests.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientState;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** TLS and mutual TLS with clients that others wrote: Mosquitto's, HiveMQ's, and OpenSSL. */
class TlsIT {
  private static final Address TLS = Address.local(FreePorts.next());
  private static final Address MUTUAL = Address.local(FreePorts.next());
  private static final Address NAMED = Address.local(FreePorts.next());
  private static final Address EXPIRED = Address.local(FreePorts.next());
  private static final Address ELSEWHERE = Address.local(FreePorts.next());
  private static final Address CHANGING = Address.local(FreePorts.next());

  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static final TestAuthority STRANGER = new TestAuthority("stranger");
  private static final Path FOLDER = folder();
  private static final Path CA = AUTHORITY.certificateTo(FOLDER.resolve("ca.pem"));
  private static final Path CLIENT = pair("client", AUTHORITY.sign("client"));
  private static final Path FOREIGN = pair("foreign", STRANGER.sign("client"));

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
          "--listeners",
          String.join(
              ";",
              listener("tls", TLS, AUTHORITY.sign("broker")),
              listener("mutual", MUTUAL, AUTHORITY.sign("broker"))
                  + " client-certificates=required client-ca="
                  + CA,
              listener("named", NAMED, AUTHORITY.sign("broker"))
                  + " certificate-user=COMMON_NAME client-ids=%u client-certificates=required client-ca="
                  + CA,
              listener("expired", EXPIRED, AUTHORITY.sign("b", "localhost", in(-60))),
              listener("elsewhere", ELSEWHERE, AUTHORITY.sign("b", "elsewhere", in(100_000))),
              listener("changing", CHANGING, AUTHORITY.sign("before"))));

  private static Instant in(long seconds) {
    return Instant.now().plusSeconds(seconds);
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("tls");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes {@code NAME.pem} and {@code NAME.key}; the name without an end is returned. */
  private static Path pair(String name, Signed signed) {
    signed.keyTo(FOLDER.resolve(name + ".key"));
    signed.certificateTo(FOLDER.resolve(name + ".pem"));
    return FOLDER.resolve(name);
  }

  private static String listener(String name, Address at, Signed signed) {
    Path files = pair(name, signed);
    return name + "=" + at + " transport=tls certificate=" + files + ".pem key=" + files + ".key";
  }

  @AfterAll
  static void deleteFiles() throws IOException {
    try (var files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(FOLDER);
  }

  @Test
  void mosquitto_overTls_publishesAndReceives() {
    assertExchange(TLS, null);
  }

  @Test
  void mosquitto_overMutualTls_publishesAndReceives() {
    assertExchange(MUTUAL, CLIENT);
  }

  private static void assertExchange(Address at, @Nullable Path own) {
    for (String version : List.of("mqttv31", "mqttv311", "5")) {
      String topic = "tls/" + at.port() + "/" + version;
      assertSucceeds(mosquitto("mosquitto_pub", at, own, version, topic, "-m", "kept", "-r"));
      Run subscriber = mosquitto("mosquitto_sub", at, own, version, topic, "-C", "1", "-W", "20");
      assertSucceeds(subscriber);
      assertEquals("kept", subscriber.output.strip());
    }
  }

  @Test
  void mosquitto_withoutAGoodCertificate_isRefused() {
    for (Path own : new Path[] {null, FOREIGN}) {
      Run run = mosquitto("mosquitto_pub", MUTUAL, own, "5", "t", "-m", "m");
      assertTrue(run.exitCode != 0, run.output);
    }
  }

  @Test
  void mosquitto_certificateSaysWhoItIs_mayHaveItsClientIdAlone() {
    assertSucceeds(mosquitto("mosquitto_pub", NAMED, CLIENT, "5", "t", "-m", "m", "-i", "client"));
    Run run = mosquitto("mosquitto_pub", NAMED, CLIENT, "5", "t", "-m", "m", "-i", "another");
    assertTrue(run.exitCode != 0 && run.output.contains("Client Identifier not valid"), run.output);
  }

  @Test
  void mosquitto_certificateExpiredOrOfAnotherHost_doesNotSendAnything() {
    for (Address at : List.of(EXPIRED, ELSEWHERE)) {
      Run run = mosquitto("mosquitto_pub", at, null, "5", "t", "-m", "m");
      assertTrue(run.exitCode != 0, run.output);
    }
  }

  private static Run mosquitto(
      String program,
      Address at,
      @Nullable Path own,
      String version,
      String topic,
      String... more) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of("-h", "localhost", "-p", String.valueOf(at.port()), "-V", version));
    command.addAll(List.of("--cafile", CA.toString(), "-q", "1", "-t", topic));
    if (own != null) {
      command.addAll(List.of("--cert", own + ".pem", "--key", own + ".key"));
    }
    command.addAll(List.of(more));
    return Run.of("", command);
  }

  @Test
  void hivemq_overMutualTls_largeMessagesAtEachQos() throws InterruptedException {
    Signed own = AUTHORITY.sign("hivemq");
    Mqtt5BlockingClient client = hivemq(MUTUAL, own);
    client.connect();
    try (var received = client.publishes(com.hivemq.client.mqtt.MqttGlobalPublishFilter.ALL)) {
      client.subscribeWith().topicFilter("large/#").qos(MqttQos.EXACTLY_ONCE).send();
      for (MqttQos qos : MqttQos.values()) {
        byte[] payload = new byte[300_000];
        payload[payload.length - 1] = (byte) qos.getCode();
        client.publishWith().topic("large/" + qos.getCode()).qos(qos).payload(payload).send();
        Mqtt5Publish publish = received.receive(20, TimeUnit.SECONDS).orElseThrow();
        assertEquals("large/" + qos.getCode(), publish.getTopic().toString());
        assertEquals(payload.length, publish.getPayloadAsBytes().length);
      }
    }
    client.disconnect();
  }

  @Test
  void hivemq_withoutAGoodCertificate_isRefused() {
    assertThrows(RuntimeException.class, () -> hivemq(MUTUAL, null).connect());
    assertThrows(RuntimeException.class, () -> hivemq(MUTUAL, STRANGER.sign("x")).connect());
    assertThrows(RuntimeException.class, () -> hivemq(EXPIRED, null).connect());
  }

  private static Mqtt5BlockingClient hivemq(Address at, @Nullable Signed own) {
    var config = MqttClientSslConfig.builder().trustManagerFactory(AUTHORITY.trust()).build();
    if (own != null) {
      KeyManagerFactory keys = TestAuthority.keys(own);
      config = config.extend().keyManagerFactory(keys).build();
    }
    return Mqtt5Client.builder()
        .serverHost("localhost")
        .serverPort(at.port())
        .sslConfig(config)
        .buildBlocking();
  }

  @Test
  void openssl_secondConnection_resumesTheSession() throws IOException {
    for (String version : List.of("-tls1_2", "-tls1_3")) {
      Path session = FOLDER.resolve("session" + version);
      Run first = openssl(version, "-sess_out", session.toString());
      assertTrue(first.output.contains("New, TLSv1"), first.output);
      assertTrue(first.output.contains("ALPN protocol: mqtt"), first.output);
      assertTrue(Files.size(session) > 0, first.output);

      Run second = openssl(version, "-sess_in", session.toString());
      assertTrue(second.output.contains("Reused, TLSv1"), second.output);
    }
  }

  /** Says CONNECT, so that it is there when a ticket comes, and then nothing more. */
  private static Run openssl(String... more) {
    List<String> command =
        new ArrayList<>(
            List.of("openssl", "s_client", "-connect", TLS.toString(), "-CAfile", CA.toString()));
    command.addAll(List.of("-verify_return_error", "-alpn", "mqtt", "-ign_eof"));
    command.addAll(List.of(more));
    return Run.of(CONNECT_AND_DISCONNECT, command);
  }

  private static final String CONNECT_AND_DISCONNECT =
      "\u0010\r\0\u0004MQTT\u0004\u0002\0\0\0\u0001s\u00e0\0";

  @Test
  void certificates_newOnes_areShownAndNobodyIsCutOff() {
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    Mqtt5AsyncClient client = hivemq(CHANGING, null).toAsync();
    client.toBlocking().connect();
    client
        .subscribeWith()
        .topicFilter("changing")
        .callback(
            publish ->
                received.add(new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8)))
        .send()
        .join();
    assertTrue(shownBy(CHANGING).contains("CN = before"));

    pair("changing", AUTHORITY.sign("after"));
    await().until(() -> shownBy(CHANGING).contains("CN = after"));

    client
        .toBlocking()
        .publishWith()
        .topic("changing")
        .payload("m".getBytes(StandardCharsets.UTF_8))
        .send();
    await().until(() -> received.contains("m"));
    assertEquals(MqttClientState.CONNECTED, client.getState());
    client.toBlocking().disconnect();
    assertFalse(broker.process().output().stream().anyMatch(line -> line.contains(" ERROR ")));
  }

  private static String shownBy(Address at) {
    return Run.of("", List.of("openssl", "s_client", "-connect", at.toString())).output;
  }

  private static void assertSucceeds(Run run) {
    assertEquals(0, run.exitCode, run.output);
  }

  /** What came of a program. */
  private record Run(int exitCode, String output) {

    /** Skips the test where it is not there. */
    static Run of(String input, List<String> command) {
      try {
        Command.Ended ended =
            Command.await(new ProcessBuilder(command), input, StandardCharsets.ISO_8859_1);
        return new Run(ended.exitCode(), ended.output());
      } catch (IOException e) {
        return Assumptions.abort(command.getFirst() + " cannot be run: " + e.getMessage());
      }
    }
  }
}
