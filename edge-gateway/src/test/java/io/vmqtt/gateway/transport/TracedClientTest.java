package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vmqtt.cluster.operation.TraceEvents;
import io.vmqtt.cluster.operation.TraceSpec;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.trace.Trace;
import io.vmqtt.gateway.trace.Traces;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is written down of a client, from bytes to bytes. */
class TracedClientTest {
  private final GatewayHarness gateway = new GatewayHarness();
  private final Traces traces = gateway.lane().traces();

  @AfterEach
  void close() {
    gateway.close();
  }

  private static MqttMessage publish() {
    return MqttMessageBuilders.publish()
        .topicName("t/1")
        .qos(MqttQoS.AT_LEAST_ONCE)
        .messageId(7)
        .payload(Unpooled.copiedBuffer(new byte[11]))
        .build();
  }

  private Trace start(
      @Nullable String namespace, @Nullable String client, @Nullable String filter, long until) {
    return Objects.requireNonNull(
        traces.start(new TraceSpec("x", namespace, client, filter, null, until)));
  }

  private Trace start(@Nullable String client, @Nullable String filter) {
    return start(null, client, filter, Long.MAX_VALUE);
  }

  private List<TraceEvents.TraceEvent> events() {
    return traces.events("x", 0, 1000).events();
  }

  private List<String> packets() {
    return events().stream().map(event -> event.direction() + ' ' + event.packet()).toList();
  }

  private static boolean isTraced(PipelineClient client) {
    return client.channel.pipeline().names().stream().anyMatch(name -> name.startsWith("trace"));
  }

  @Test
  void clientThatComes_fromItsConnectToItsEnd() {
    gateway.router();
    start("cli*", null);
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.send(
          MqttMessageBuilders.subscribe()
              .messageId(3)
              .addSubscription(MqttQoS.AT_LEAST_ONCE, "a/+")
              .build());
      client.await();
      client.send(publish());
      client.await();
      var _ = client.channel.close();
      gateway.loop.runAll();
    }

    assertEquals(
        List.of(
            "in CONNECT",
            "out CONNACK",
            "in SUBSCRIBE",
            "out SUBACK",
            "in PUBLISH",
            "out PUBACK",
            "end closed"),
        packets());
    assertEquals(List.of("a/+"), events().get(2).facts().get("filters"));
    assertEquals(List.of(1), events().get(3).facts().get("reasons"));
    assertEquals(3, events().get(3).facts().get("packetId"));
    TraceEvents.TraceEvent publish = events().get(4);
    assertEquals("client", publish.clientId());
    assertEquals("t/1", publish.facts().get("topic"));
    assertEquals(7, publish.facts().get("packetId"));
    assertEquals(11, publish.facts().get("payloadBytes"));
    assertEquals(true, publish.facts().get("allowed"));
    assertTrue(publish.facts().containsKey("router"), publish::toString);
  }

  @Test
  void clientThatIsThere_fromThenOn_andNoOther() {
    gateway.router();
    EventLoopConnections siblings = new EventLoopConnections(gateway.lane());
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V3, siblings)) {
      siblings.trace(start("other", null), () -> {});
      assertFalse(isTraced(client));

      siblings.trace(start("client", null), () -> {});
      assertTrue(isTraced(client));
      client.send(MqttMessage.PINGREQ);

      assertEquals(List.of("in PINGREQ", "out PINGRESP"), packets());
    }
  }

  @Test
  void filter_publishesOfItsTopicsAlone() {
    gateway.router();
    start(null, "t/#");
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      client.send(MqttMessage.PINGREQ);
      client.send(
          MqttMessageBuilders.publish()
              .topicName("u")
              .qos(MqttQoS.AT_MOST_ONCE)
              .payload(Unpooled.EMPTY_BUFFER)
              .build(),
          publish());

      assertEquals(List.of("in PUBLISH"), packets());
      assertEquals("t/1", events().getFirst().facts().get("topic"));
    }
  }

  @Test
  void otherNamespace_nothing() {
    gateway.router();
    start("plant", "client", null, Long.MAX_VALUE);
    try (PipelineClient _ = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      assertEquals(List.of(), packets());
    }
  }

  @Test
  void traceThatIsOver_leavesTheChannel() {
    gateway.router();
    start("client", null);
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      assertTrue(isTraced(client));
      traces.end("x");
      client.send(MqttMessage.PINGREQ);

      assertFalse(isTraced(client));
      client.send(MqttMessage.PINGREQ);
      assertEquals(List.of("PINGRESP", "PINGRESP"), client.read());
    }
  }

  @Test
  void noTrace_nothingIsInTheChannel() {
    gateway.router();
    start(null, "client", null, 0);
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      assertFalse(isTraced(client));
    }
  }
}
