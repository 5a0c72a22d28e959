package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuth;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.process.BrokerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The extension that is there to be copied, as its jar, with a client that others wrote. */
class ExtensionIT {
  private static final Address DEVICES = Address.local(FreePorts.next());

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
          "--allow-anonymous",
          "--extensions",
          folder().toString(),
          "--listeners",
          "devices="
              + DEVICES
              + " allow-anonymous=false passwords="
              + file("anna:" + PasswordsIT.CORRECT_HORSE + "\n")
              + " extension=device-keys,file="
              + file("pump-7 k7\npump-8 k8\n"));

  @Test
  void connect_device_comesInWithItsKeyAlone() {
    client("pump-7", null, "k7").disconnect();

    assertEquals(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED, refusal("pump-7", "k8"));
    assertEquals(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED, refusal("pump-9", "k7"));
  }

  @Test
  void publish_deviceAndOperator_mayDoWhatTheExtensionSays() throws InterruptedException {
    Mqtt5BlockingClient pump = client("pump-8", null, "k8");
    Mqtt5BlockingClient anna = client("desk", "anna", "correct horse");
    try (Mqtt5BlockingClient.Mqtt5Publishes heard =
        anna.publishes(MqttGlobalPublishFilter.SUBSCRIBED)) {
      subscribe(anna, "devices/#");
      assertThrows(Mqtt5SubAckException.class, () -> subscribe(pump, "devices/#"));
      assertThrows(Mqtt5PubAckException.class, () -> publish(anna, "devices/pump-8/x"));
      assertThrows(Mqtt5PubAckException.class, () -> publish(pump, "devices/pump-7/x"));

      publish(pump, "devices/pump-8/x");

      assertEquals(
          "devices/pump-8/x",
          heard.receive(20, TimeUnit.SECONDS).orElseThrow().getTopic().toString());
    }
    pump.disconnect();
    anna.disconnect();
  }

  private static void subscribe(Mqtt5BlockingClient client, String filter) {
    client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send();
  }

  private static void publish(Mqtt5BlockingClient client, String topic) {
    client.publishWith().topic(topic).qos(MqttQos.AT_LEAST_ONCE).send();
  }

  private static Mqtt5ConnAckReasonCode refusal(String id, String key) {
    return assertThrows(Mqtt5ConnAckException.class, () -> client(id, null, key).disconnect())
        .getMqttMessage()
        .getReasonCode();
  }

  private static Mqtt5BlockingClient client(String id, @Nullable String user, String password) {
    Mqtt5ClientBuilder builder =
        Mqtt5Client.builder().identifier(id).serverHost(DEVICES.host()).serverPort(DEVICES.port());
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    Mqtt5BlockingClient client =
        builder
            .simpleAuth(
                user == null
                    ? Mqtt5SimpleAuth.builder().password(bytes).build()
                    : Mqtt5SimpleAuth.builder().username(user).password(bytes).build())
            .buildBlocking();
    client.connect();
    return client;
  }

  /** As an operator makes it: with the jar of the build. */
  private static Path folder() {
    Path built = Path.of("..", "..", "examples", "extension", "target");
    try (Stream<Path> files = Files.list(built)) {
      Path jar =
          files
              .filter(file -> file.getFileName().toString().matches("vmqtt-example-.*[0-9]\\.jar"))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException("no jar in " + built));
      Path folder = Files.createTempDirectory("extensions");
      folder.toFile().deleteOnExit();
      Path copy = Files.copy(jar, folder.resolve("device-keys.jar"));
      copy.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new IllegalStateException("no folder of extensions", e);
    }
  }

  private static Path file(String text) {
    try {
      Path file = Files.createTempFile("devices", "");
      file.toFile().deleteOnExit();
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new IllegalStateException("no file for the broker", e);
    }
  }
}
