package io.vmqtt.systemtests.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.message.connect.connack.Mqtt3ConnAckReturnCode;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.process.BrokerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users with passwords, tried with a client that others wrote. */
class PasswordsIT {
  /** As mosquitto_passwd writes "correct horse". */
  static final String CORRECT_HORSE =
      "$7$101$AAECAwQFBgcICQoL$lp0Cm29zl+CI/RXyXDKvLye7OxM3OuE6RMzgXTX/f3imS/pFh2Ur7yarLDpKRUKp"
          + "B0tOj6l0UrRv41zqxmD4tg==";

  private static final Path AUDIT = file("");
  private static final Path USERS = file("anna:" + CORRECT_HORSE + "\n");
  private static final byte[] SECRET =
      "of 32 bytes, known to the issuer.".getBytes(StandardCharsets.UTF_8);
  private static final Path KEYS =
      file(
          "{\"keys\":[{\"kty\":\"oct\",\"k\":\""
              + SignedToken.base64(SECRET)
              + "\",\"alg\":\"HS256\"}]}");
  private static final Address TOKENS = Address.local(FreePorts.next());
  private static final Address LISTENER = Address.local(FreePorts.next());
  private static final Address OPEN = Address.local(FreePorts.next());

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
          "--allow-anonymous",
          "--audit",
          AUDIT.toString(),
          "--passwords",
          USERS.toString(),
          "--listeners",
          "users="
              + LISTENER
              + " allow-anonymous=false; tokens="
              + TOKENS
              + " allow-anonymous=false token-issuer=us token-keys="
              + KEYS
              + "; open="
              + OPEN);

  @Test
  void connect_rightPassword_isLetIn() {
    client(LISTENER, "anna", "correct horse").disconnect();
  }

  @Test
  void connect_wrongPasswordUnknownUserOrNone_isRefused() {
    assertEquals(
        Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD, refusal(LISTENER, "anna", "staple"));
    assertEquals(
        Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD,
        refusal(LISTENER, "nobody", "correct horse"));
    assertEquals(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED, refusal(LISTENER, null, ""));
  }

  @Test
  void connect_mqtt311_hasReturnCodesOfItsOwn() {
    assertEquals(Mqtt3ConnAckReturnCode.BAD_USER_NAME_OR_PASSWORD, refusal3("anna", "staple"));
    assertEquals(Mqtt3ConnAckReturnCode.NOT_AUTHORIZED, refusal3(null, ""));
  }

  @Test
  void connect_listenerThatAllowsAnonymousToo_letsBothIn() {
    client(OPEN, null, "").disconnect();
    client(OPEN, "anna", "correct horse").disconnect();
    assertEquals(Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD, refusal(OPEN, "anna", "staple"));
  }

  @Test
  void users_fileChanges_countWithoutARestartAndWhoIsConnectedStays() throws IOException {
    Mqtt5BlockingClient anna = client(LISTENER, "anna", "correct horse");
    Files.writeString(USERS, "anna:" + CORRECT_HORSE + "\nbert:" + CORRECT_HORSE + "\n");
    await().until(() -> comesIn("bert"));

    Files.writeString(USERS, "anna:!" + CORRECT_HORSE + "\n");
    await().until(() -> !comesIn("anna"));
    assertTrue(anna.getState().isConnected());

    Files.writeString(USERS, "broken\n");
    Files.writeString(USERS, "anna:" + CORRECT_HORSE + "\n");
    await().until(() -> comesIn("anna"));
    anna.disconnect();
  }

  @Test
  void audit_whoCameInAndWhoDidNot_isWrittenDown() {
    client(LISTENER, "anna", "correct horse").disconnect();
    refusal(LISTENER, "eve", "staple");

    await()
        .until(
            () ->
                wasWritten("\"allowed\":true,\"listener\":\"users\"", "\"user\":\"anna\"")
                    && wasWritten(
                        "\"reason\":\"bad_user_name_or_password\",\"listener\":\"users\"",
                        "\"user\":\"eve\",\"from\":\"127.0.0.1:"));
  }

  @Test
  void connect_token_isLetInUntilItEnds() {
    long now = Instant.now().getEpochSecond();
    assertEquals(
        Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD,
        refusal(TOKENS, "anna", token("them", now + 60)));
    assertEquals(
        Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD,
        refusal(TOKENS, "anna", token("us", now - 60)));
    client(TOKENS, "anna", "correct horse").disconnect();

    Mqtt5BlockingClient anna = client(TOKENS, "anna", token("us", now + 4));
    assertTrue(anna.getState().isConnected());
    await().until(() -> !anna.getState().isConnected());
    assertTrue(Instant.now().getEpochSecond() >= now + 4);
  }

  private static String token(String issuer, long end) {
    return SignedToken.of(
        SECRET, "{\"iss\":\"%s\",\"sub\":\"anna\",\"exp\":%d}".formatted(issuer, end));
  }

  private static boolean wasWritten(String... parts) throws IOException {
    return Files.readAllLines(AUDIT).stream()
        .anyMatch(line -> Stream.of(parts).allMatch(line::contains));
  }

  private static boolean comesIn(String user) {
    try {
      client(LISTENER, user, "correct horse").disconnect();
      return true;
    } catch (Mqtt5ConnAckException _) {
      return false;
    }
  }

  private static Mqtt5ConnAckReasonCode refusal(
      Address listener, @Nullable String user, String password) {
    return assertThrows(
            Mqtt5ConnAckException.class, () -> client(listener, user, password).disconnect())
        .getMqttMessage()
        .getReasonCode();
  }

  private static Mqtt5BlockingClient client(
      Address listener, @Nullable String user, String password) {
    Mqtt5ClientBuilder builder =
        Mqtt5Client.builder()
            .identifier(UUID.randomUUID().toString())
            .serverHost(listener.host())
            .serverPort(listener.port());
    if (user != null) {
      builder =
          builder
              .simpleAuth()
              .username(user)
              .password(password.getBytes(StandardCharsets.UTF_8))
              .applySimpleAuth();
    }
    Mqtt5BlockingClient client = builder.buildBlocking();
    client.connect();
    return client;
  }

  private static Mqtt3ConnAckReturnCode refusal3(@Nullable String user, String password) {
    var builder =
        Mqtt3Client.builder()
            .identifier(UUID.randomUUID().toString())
            .serverHost(LISTENER.host())
            .serverPort(LISTENER.port());
    if (user != null) {
      builder =
          builder
              .simpleAuth()
              .username(user)
              .password(password.getBytes(StandardCharsets.UTF_8))
              .applySimpleAuth();
    }
    Mqtt3BlockingClient client = builder.buildBlocking();
    return assertThrows(Mqtt3ConnAckException.class, client::connect)
        .getMqttMessage()
        .getReturnCode();
  }

  private static Path file(String text) {
    try {
      Path file = Files.createTempFile("users", "");
      file.toFile().deleteOnExit();
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new IllegalStateException("no file for the users", e);
    }
  }
}
