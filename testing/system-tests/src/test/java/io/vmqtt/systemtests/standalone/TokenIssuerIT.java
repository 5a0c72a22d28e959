package io.vmqtt.systemtests.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.sun.net.httpserver.HttpServer;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.tokens.EdKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tokens of an issuer whose keys are at an address, and what they say that their users may do. */
class TokenIssuerIT {
  private static final EdKey OLD = new EdKey("old");
  private static final EdKey NEW = new EdKey("new");
  private static final AtomicReference<String> NAMED = new AtomicReference<>(EdKey.set(OLD));
  private static final HttpServer ISSUER = issuer();

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
          "--allow-anonymous",
          "--token-keys-url",
          "http://127.0.0.1:" + ISSUER.getAddress().getPort() + "/keys",
          "--token-rules",
          "acl");

  private static HttpServer issuer() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/keys",
          exchange -> {
            byte[] body = NAMED.get().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Cache-Control", "max-age=3600");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException("no issuer", e);
    }
  }

  @AfterAll
  static void stop() {
    ISSUER.stop(0);
  }

  @Test
  void connect_tokenOfANewKey_isLetInAsSoonAsTheIssuerNamesIt() {
    assertTrue(comesIn(OLD));

    NAMED.set(EdKey.set(OLD, NEW));

    await().atMost(Duration.ofSeconds(30)).until(() -> comesIn(NEW));
    assertTrue(comesIn(OLD));
  }

  @Test
  void reauthenticate_anotherTokenWithOtherRules_theyHoldFromThenOn() throws InterruptedException {
    Iterator<String> topics = List.of("a/${clientid}/#", "b/#").iterator();
    String id = UUID.randomUUID().toString();
    Mqtt5BlockingClient client =
        client(
            id,
            () ->
                OLD.token(
                    claims()
                        + ",\"acl\":[{\"allow\":[\"publish\",\"subscribe\"],\"topics\":\"%s\"}]}"
                            .formatted(topics.next())));
    client.connect();
    try (Mqtt5BlockingClient.Mqtt5Publishes heard =
        client.publishes(MqttGlobalPublishFilter.SUBSCRIBED)) {
      subscribe(client, "a/" + id + "/#");
      assertThrows(Mqtt5SubAckException.class, () -> subscribe(client, "b/#"));
      assertThrows(Mqtt5PubAckException.class, () -> publish(client, "b/1"));
      publish(client, "a/" + id + "/1");
      assertEquals("a/" + id + "/1", next(heard));

      client.reauth();

      assertThrows(Mqtt5PubAckException.class, () -> publish(client, "a/" + id + "/2"));
      subscribe(client, "b/#");
      publish(client, "b/2");
      assertEquals("b/2", next(heard));
    }
    client.disconnect();
  }

  private static String claims() {
    return "{\"sub\":\"anna\",\"exp\":%d".formatted(Instant.now().getEpochSecond() + 600);
  }

  private static boolean comesIn(EdKey key) {
    try {
      Mqtt5BlockingClient client =
          client(UUID.randomUUID().toString(), () -> key.token(claims() + '}'));
      client.connect();
      client.disconnect();
      return true;
    } catch (Mqtt5ConnAckException _) {
      return false;
    }
  }

  private static Mqtt5BlockingClient client(String id, Supplier<String> tokens) {
    return Mqtt5Client.builder()
        .identifier(id)
        .serverHost(broker.mqtt().host())
        .serverPort(broker.mqtt().port())
        .enhancedAuth(new HivemqMechanism("JWT", () -> Prover.of(tokens.get())))
        .buildBlocking();
  }

  private static void subscribe(Mqtt5BlockingClient client, String filter) {
    client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send();
  }

  private static void publish(Mqtt5BlockingClient client, String topic) {
    client.publishWith().topic(topic).qos(MqttQos.AT_LEAST_ONCE).send();
  }

  private static String next(Mqtt5BlockingClient.Mqtt5Publishes heard) throws InterruptedException {
    return heard.receive(20, TimeUnit.SECONDS).orElseThrow().getTopic().toString();
  }
}
