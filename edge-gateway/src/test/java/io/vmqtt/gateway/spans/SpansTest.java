package io.vmqtt.gateway.spans;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.transport.PipelineClient;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.message.v1.MessageProperties;
import io.vmqtt.proto.message.v1.UserProperty;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouterFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages as traces: clients and a collector are real, routers are played. */
class SpansTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final String SAMPLED = "00-" + TRACE + '-' + PARENT + "-01";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();
  private final OtlpReceiver collector;
  private @Nullable Spans spans;

  SpansTest() throws IOException {
    collector = new OtlpReceiver();
  }

  @AfterEach
  void close() {
    if (spans != null) {
      spans.close();
    }
    gateway.close();
    collector.close();
  }

  private void trace(double sample, String... topics) {
    spans =
        new Spans(
            new SpanTerms(
                collector.address(),
                sample,
                List.of(topics).stream().map(TopicFilter::parse).toList()),
            "gateway-1",
            gateway.registry);
    gateway.gateway().metrics().traceBy(spans);
  }

  private static MqttPublishMessage publish(String topic, int qos, @Nullable String traceparent) {
    MqttProperties properties = new MqttProperties();
    MqttProperties.UserProperties user = new MqttProperties.UserProperties();
    user.add("first", "1");
    if (traceparent != null) {
      user.add("traceparent", traceparent);
    }
    user.add("last", "2");
    properties.add(user);
    return new MqttPublishMessage(
        new MqttFixedHeader(MqttMessageType.PUBLISH, false, MqttQoS.valueOf(qos), false, 0),
        new MqttPublishVariableHeader(topic, qos, properties),
        Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
  }

  private Message handedOn(MqttPublishMessage published) {
    PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5);
    int before = router.publishes().size();
    client.send(published);
    gateway.runUntil(() -> router.publishes().size() > before);
    gateway.runUntil(
        () -> published.fixedHeader().qosLevel().value() == 0 || !client.read().isEmpty());
    return router.publishes().get(before).getMessage();
  }

  private static List<String> userProperties(Message message) {
    return message.getProperties().getUserPropertiesList().stream()
        .map(one -> one.getName() + '=' + one.getValue())
        .toList();
  }

  private List<Span> told(int count) {
    await().atMost(PATIENCE).until(() -> collector.spans().size() >= count);
    assertEquals(count, collector.spans().size());
    return collector.spans();
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private static String attribute(List<KeyValue> attributes, String name) {
    return attributes.stream()
        .filter(one -> one.getKey().equals(name))
        .map(
            one ->
                one.getValue().hasStringValue()
                    ? one.getValue().getStringValue()
                    : Long.toString(one.getValue().getIntValue()))
        .findFirst()
        .orElse("none");
  }

  @Test
  void publish_ofASampledTrace_isASpanOfIt_andHandsThatOn() {
    trace(0);
    Message handedOn = handedOn(publish("plant/a", 1, SAMPLED));

    Span span = told(1).getFirst();
    assertEquals(TRACE, hex(span.getTraceId()));
    assertEquals(PARENT, hex(span.getParentSpanId()));
    assertEquals("publish plant/a", span.getName());
    assertEquals("plant/a", attribute(span.getAttributesList(), "messaging.destination.name"));
    assertEquals("1", attribute(span.getAttributesList(), "mqtt.qos"));
    assertEquals("3", attribute(span.getAttributesList(), "messaging.message.body.size"));
    assertEquals("success", attribute(span.getAttributesList(), "mqtt.reason"));
    assertTrue(span.getEndTimeUnixNano() >= span.getStartTimeUnixNano());
    assertEquals(
        "gateway-1",
        attribute(
            collector.received().getFirst().getResource().getAttributesList(),
            "service.instance.id"));
    assertEquals(
        List.of(
            "first=1", "traceparent=00-" + TRACE + '-' + hex(span.getSpanId()) + "-01", "last=2"),
        userProperties(handedOn));
  }

  @Test
  void publish_ofATraceThatIsNotSampled_orWithoutOne_isLeftAsItIs() {
    trace(0, "other/#");
    String unsampled = "00-" + TRACE + '-' + PARENT + "-00";
    assertEquals(
        List.of("first=1", "traceparent=" + unsampled, "last=2"),
        userProperties(handedOn(publish("other/a", 1, unsampled))));
    assertEquals(
        List.of("first=1", "last=2"), userProperties(handedOn(publish("plant/a", 1, null))));
    assertEquals(
        List.of("first=1", "traceparent=nonsense", "last=2"),
        userProperties(handedOn(publish("plant/a", 1, "nonsense"))));
    handedOn(publish("other/b", 1, null));
    assertEquals("publish other/b", told(1).getFirst().getName());
  }

  @Test
  void publish_drawnOrOfATopic_isATraceOfItsOwn() {
    trace(1);
    Message handedOn = handedOn(publish("plant/a", 0, null));
    Span span = told(1).getFirst();
    assertTrue(span.getParentSpanId().isEmpty(), span::toString);
    assertEquals(
        "traceparent=00-" + hex(span.getTraceId()) + '-' + hex(span.getSpanId()) + "-03", // random
        userProperties(handedOn).getLast());
  }

  @Test
  void delivery_ofATracedMessage_isASpanUntilItsPuback_orTheEndOfItsConnection() {
    trace(0);
    PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5);
    client.sendHex("82 0d 00 01 00 00 07 70 6c 61 6e 74 2f 23 01"); // plant/# at QoS 1
    gateway.runUntil(() -> client.read().stream().anyMatch(one -> one.startsWith("SUBACK")));
    router.send(message("plant/a", 1, SAMPLED));
    router.send(message("plant/b", 2, null));
    router.send(message("plant/c", 3, SAMPLED));
    List<String> received = new ArrayList<>();
    gateway.runUntil(
        () -> {
          received.addAll(client.read());
          return received.size() == 3;
        });
    client.sendHex("40 02 00 01"); // PUBACK of the first
    client.sendHex("40 02 00 02"); // and of one that nothing is told of

    Span first = told(1).getFirst();
    assertEquals("deliver plant/a", first.getName());
    assertEquals(TRACE, hex(first.getTraceId()));
    assertEquals(PARENT, hex(first.getParentSpanId()));
    assertEquals(Status.StatusCode.STATUS_CODE_UNSET, first.getStatus().getCode());

    client.close();
    Span lost = told(2).getLast();
    assertEquals("deliver plant/c", lost.getName());
    assertEquals(Status.StatusCode.STATUS_CODE_ERROR, lost.getStatus().getCode());
    assertEquals("the connection has ended", lost.getStatus().getMessage());
  }

  private static RouterFrame.Builder message(
      String topic, long sequence, @Nullable String traceparent) {
    MessageProperties.Builder properties = MessageProperties.newBuilder();
    if (traceparent != null) {
      properties.addUserProperties(
          UserProperty.newBuilder().setName("traceparent").setValue(traceparent));
    }
    return RouterFrame.newBuilder()
        .setPublish(
            Publish.newBuilder()
                .setSequence(sequence)
                .setMessage(
                    Message.newBuilder().setTopic(topic).setQos(1).setProperties(properties)));
  }

  @Test
  void collector_takesNothing_spansAreDropped_andCounted() {
    collector.status = 400;
    trace(1);
    handedOn(publish("plant/a", 1, null));
    await()
        .atMost(PATIENCE)
        .until(() -> gateway.registry.get("vmqtt.gateway.spans.dropped").counter().count() == 1);
    assertEquals(0, gateway.registry.get("vmqtt.gateway.spans.waiting").gauge().value());
  }
}
