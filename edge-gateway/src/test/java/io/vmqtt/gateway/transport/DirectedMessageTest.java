package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vmqtt.cluster.operation.DirectedMessages;
import io.vmqtt.cluster.operation.DirectedMessages.Direction;
import io.vmqtt.cluster.operation.DirectedMessages.Outcome;
import io.vmqtt.cluster.operation.DirectedMessages.What;
import io.vmqtt.cluster.operation.GatewayOperations;
import io.vmqtt.cluster.operation.Publication.OneMessage;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.operation.GatewayAnswers;
import io.vmqtt.gateway.operation.OperatorSubscribers;
import io.vmqtt.model.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages of operators for one client, whose session ends with its connection. */
class DirectedMessageTest {
  private final GatewayHarness gateway = new GatewayHarness();
  private final EventLoopConnections siblings = new EventLoopConnections(gateway.lane());

  @BeforeEach
  void open() {
    gateway.router();
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  private static OneMessage message(String topic, String payload, int qos) {
    String encoded = Base64.getEncoder().encodeToString(payload.getBytes(StandardCharsets.UTF_8));
    return new OneMessage(topic, encoded, qos, false, null, null, null);
  }

  private List<Outcome> deliver(OneMessage message, String... clients) {
    List<Direction> to =
        List.of(clients).stream()
            .map(client -> new Direction(List.of(clients).indexOf(client), 0, client))
            .toList();
    CompletableFuture<DirectedMessages.Outcomes> answer =
        new GatewayAnswers(
                "gateway",
                gateway.gateway().lanes(),
                new OperatorSubscribers(gateway.gateway().lanes(), new SimpleMeterRegistry()),
                () -> List.of(siblings),
                InstantSource.system())
            .answers()
            .ask(GatewayOperations.DELIVER, new DirectedMessages("", List.of(message), to));
    gateway.runUntil(answer::isDone);
    return answer.join().outcomes();
  }

  private PipelineClient subscriber(String filter) {
    PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5, siblings);
    client.send(
        MqttMessageBuilders.subscribe()
            .messageId(1)
            .addSubscription(MqttQoS.AT_LEAST_ONCE, filter)
            .build());
    client.await();
    return client;
  }

  @Test
  void deliver_clientThatHasSubscribed_getsItAloneAndOnce() {
    try (PipelineClient client = subscriber("a/+")) {
      assertEquals(
          List.of(new Outcome(1, What.DELIVERED)),
          deliver(message("a/b", "hello", 2), "somebody else", "client"));

      assertEquals(List.of("PUBLISH a/b hello"), client.await());
      assertEquals(List.of(), client.read());
    }
  }

  @Test
  void deliver_clientThatHasNotSubscribed_getsNothing() {
    try (PipelineClient client = subscriber("$share/g/a")) {
      assertEquals(
          List.of(new Outcome(0, What.NO_SUBSCRIPTION)), deliver(message("a", "x", 1), "client"));
      assertEquals(
          List.of(new Outcome(0, What.REFUSED, ReasonCode.TOPIC_NAME_INVALID.value())),
          deliver(message("a/+", "x", 1), "client"));

      assertEquals(List.of(), client.read());
    }
  }

  /** Its connection would end if it were given more than it may have waiting. */
  @Test
  void deliver_clientThatTakesNoMore_isRefusedAndStays() {
    try (PipelineClient client = subscriber("a")) {
      Outcome outcome = new Outcome(0, What.DELIVERED);
      int given = 0;
      while (outcome.what() == What.DELIVERED) {
        outcome = deliver(message("a", "x", 1), "client").getFirst();
        given++;
      }

      assertEquals(new Outcome(0, What.REFUSED, ReasonCode.QUOTA_EXCEEDED.value()), outcome);
      assertEquals(
          GatewayHarness.LIMITS.maxInFlight() + GatewayHarness.LIMITS.maxQueuedMessages() / 2 + 1,
          given);
      assertEquals(false, client.isClosed());
    }
  }
}
