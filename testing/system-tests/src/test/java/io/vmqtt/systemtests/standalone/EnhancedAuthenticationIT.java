package io.vmqtt.systemtests.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.PacketBytes;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.raw.RawPacket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 4.12, with a client and a SCRAM that others wrote. */
class EnhancedAuthenticationIT {
  private static final int MOST_STEPS = 8;
  private static final int NOT_AUTHORIZED = 0x87;
  private static final byte[] SECRET =
      "of 32 bytes, known to the issuer.".getBytes(StandardCharsets.UTF_8);
  private static final Path AUDIT = file("");
  private static final Path KEYS =
      file(
          "{\"keys\":[{\"kty\":\"oct\",\"k\":\""
              + SignedToken.base64(SECRET)
              + "\",\"alg\":\"HS256\"}]}");
  private static final Path USERS = users();

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
          "--allow-anonymous",
          "--audit",
          AUDIT.toString(),
          "--token-keys",
          KEYS.toString(),
          "--passwords",
          USERS.toString());

  @ParameterizedTest
  @ValueSource(strings = {"SCRAM-SHA-256", "SCRAM-SHA-512"})
  void connect_scram_bothSidesProveThemselves(String mechanism) {
    Mqtt5BlockingClient anna =
        client(mechanism, () -> Prover.scram(mechanism, "anna", "correct horse"));
    anna.connect();

    await().until(() -> wasWritten("\"event\":\"connect\",\"allowed\":true", "\"user\":\"anna\""));
    anna.disconnect();
  }

  @ParameterizedTest
  @CsvSource({"anna, staple", "eve, correct horse", "dora, correct horse"})
  void connect_wrongPasswordUnknownOrDisabledUser_areRefusedAlike(String user, String password) {
    assertEquals(
        Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD,
        refusal("SCRAM-SHA-256", () -> Prover.scram("SCRAM-SHA-256", user, password)));

    await()
        .until(
            () ->
                wasWritten(
                    "\"reason\":\"bad_user_name_or_password\"", "\"user\":\"" + user + "\""));
  }

  @Test
  void connect_methodThatIsNotThere_isRefused() {
    assertEquals(
        Mqtt5ConnAckReasonCode.BAD_AUTHENTICATION_METHOD,
        refusal("SCRAM-SHA-1", () -> Prover.scram("SCRAM-SHA-1", "anna", "correct horse")));
  }

  @Test
  void reauthenticate_scram_subscriptionsAndMessagesGoOn() throws InterruptedException {
    Mqtt5BlockingClient anna =
        client("SCRAM-SHA-256", () -> Prover.scram("SCRAM-SHA-256", "anna", "correct horse"));
    anna.connect();
    try (Mqtt5BlockingClient.Mqtt5Publishes heard =
        anna.publishes(MqttGlobalPublishFilter.SUBSCRIBED)) {
      anna.subscribeWith().topicFilter("again/#").qos(MqttQos.AT_LEAST_ONCE).send();
      anna.reauth();
      anna.publishWith().topic("again/1").qos(MqttQos.AT_LEAST_ONCE).send();
      anna.reauth();

      assertEquals(
          "again/1", heard.receive(20, TimeUnit.SECONDS).orElseThrow().getTopic().toString());
    }
    assertTrue(anna.getState().isConnected());
    anna.disconnect();
  }

  @Test
  void reauthenticate_wrongPasswordOrAnotherUser_isDisconnected() {
    for (List<String> second : List.of(List.of("anna", "staple"), List.of("bert", "secret"))) {
      Iterator<Prover> provers =
          List.of(
                  Prover.scram("SCRAM-SHA-256", "anna", "correct horse"),
                  Prover.scram("SCRAM-SHA-256", second.getFirst(), second.getLast()))
              .iterator();
      Mqtt5BlockingClient anna = client("SCRAM-SHA-256", provers::next);
      anna.connect();

      Throwable refused = assertThrows(RuntimeException.class, anna::reauth);

      assertEquals(
          Mqtt5DisconnectReasonCode.NOT_AUTHORIZED,
          assertInstanceOf(Mqtt5DisconnectException.class, refused)
              .getMqttMessage()
              .getReasonCode());
      await().until(() -> !anna.getState().isConnected());
    }
  }

  @Test
  void token_newOneBeforeTheLastEnds_connectionGoesOn() {
    long now = Instant.now().getEpochSecond();
    Iterator<Prover> provers =
        Stream.of(now + 4, now + 600).map(end -> Prover.of(token(end))).iterator();
    Mqtt5BlockingClient prolongs = client("JWT", provers::next);
    Mqtt5BlockingClient doesNot = client("JWT", () -> Prover.of(token(now + 4)));
    prolongs.connect();
    doesNot.connect();

    prolongs.reauth();

    await().until(() -> !doesNot.getState().isConnected());
    assertTrue(Instant.now().getEpochSecond() >= now + 4);
    prolongs.publishWith().topic("still/here").qos(MqttQos.AT_LEAST_ONCE).send();
    assertTrue(wasWritten("\"event\":\"reauthenticate\",\"allowed\":true", "\"user\":\"anna\""));
    prolongs.disconnect();
  }

  @Test
  void token_notGood_isRefused() {
    long ended = Instant.now().getEpochSecond() - 60;

    assertEquals(
        Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD,
        refusal("JWT", () -> Prover.of(token(ended))));
  }

  /** It is asked for a token, and goes on sending AUTH without one. */
  @Test
  void auth_withoutEnd_isRefusedAndOthersComeIn() {
    ByteArrayOutputStream flood = new ByteArrayOutputStream();
    flood.writeBytes(
        new PacketBytes()
            .string("MQTT")
            .bytes(5, 2)
            .twoBytes(60)
            .properties(jwt())
            .string("hostile")
            .packet(0x10));
    for (int i = 0; i < 10_000; i++) {
      flood.writeBytes(new PacketBytes().bytes(0x18).properties(jwt()).packet(0xF0));
    }
    try (RawConnection hostile = RawConnection.open(broker.mqtt())) {
      hostile.send(flood.toByteArray());

      for (int i = 0; i < MOST_STEPS; i++) {
        assertEquals(PacketType.AUTH, hostile.read().type());
      }
      RawPacket end = hostile.read();
      assertEquals(PacketType.CONNACK, end.type());
      assertEquals(NOT_AUTHORIZED, end.reasonCode());
      hostile.awaitClosedSilently();
    }
    Mqtt5BlockingClient anna =
        client("SCRAM-SHA-256", () -> Prover.scram("SCRAM-SHA-256", "anna", "correct horse"));
    anna.connect();
    anna.disconnect();
  }

  private static PacketBytes jwt() {
    return new PacketBytes().bytes(0x15).string("JWT");
  }

  private static Mqtt5ConnAckReasonCode refusal(String method, Supplier<Prover> provers) {
    Mqtt5BlockingClient client = client(method, provers);
    return assertThrows(Mqtt5ConnAckException.class, client::connect)
        .getMqttMessage()
        .getReasonCode();
  }

  private static Mqtt5BlockingClient client(String method, Supplier<Prover> provers) {
    return Mqtt5Client.builder()
        .identifier(UUID.randomUUID().toString())
        .serverHost(broker.mqtt().host())
        .serverPort(broker.mqtt().port())
        .enhancedAuth(new HivemqMechanism(method, provers))
        .buildBlocking();
  }

  private static boolean wasWritten(String... parts) {
    try {
      return Files.readAllLines(AUDIT).stream()
          .anyMatch(line -> Stream.of(parts).allMatch(line::contains));
    } catch (IOException e) {
      throw new IllegalStateException("no audit", e);
    }
  }

  private static String token(long end) {
    return SignedToken.of(SECRET, "{\"sub\":\"anna\",\"exp\":%d}".formatted(end));
  }

  /** As an operator makes them. */
  private static Path users() {
    Path users = file("");
    passwd(users, "anna", "correct horse", "--scram");
    passwd(users, "bert", "secret", "--scram");
    passwd(users, "dora", "correct horse", "--scram");
    passwd(users, "dora", "", "--disable");
    return users;
  }

  private static void passwd(Path users, String user, String password, String option) {
    try {
      Command.Ended passwd =
          Command.await(
              new ProcessBuilder(
                  Path.of("..", "..", "vmqtt").toString(),
                  "passwd",
                  users.toString(),
                  user,
                  option),
              password + '\n');
      assertEquals(0, passwd.exitCode(), passwd.output());
    } catch (IOException e) {
      throw new IllegalStateException("no users", e);
    }
  }

  private static Path file(String text) {
    try {
      Path file = Files.createTempFile("enhanced", "");
      file.toFile().deleteOnExit();
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new IllegalStateException("no file for the broker", e);
    }
  }
}
