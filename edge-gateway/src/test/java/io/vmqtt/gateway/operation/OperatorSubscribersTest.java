package io.vmqtt.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.vmqtt.cluster.operation.MessageQuery;
import io.vmqtt.cluster.operation.OperationRefusal;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.codec.EncodedPublish;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Qos;
import io.vmqtt.model.UserProperty;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.session.v1.Disconnect;
import io.vmqtt.proto.session.v1.ShardRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Operators who hear messages by a gateway; routers are played, all else is real. */
class OperatorSubscribersTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();
  private final OperatorSubscribers subscribers =
      new OperatorSubscribers(gateway.gateway().lanes(), gateway.registry);

  @AfterEach
  void close() {
    subscribers.close();
    gateway.close();
  }

  private static MessageQuery wanted(boolean retained, String... filters) {
    return new MessageQuery("", List.of(filters), 1, retained, true);
  }

  private CompletableFuture<InputStream> opening(MessageQuery query) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return subscribers.open(query);
          } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  private InputStream open(MessageQuery query) {
    CompletableFuture<InputStream> opening = opening(query);
    gateway.runUntil(opening::isDone);
    return opening.join();
  }

  private static BufferedReader lines(InputStream content) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8));
    assertTrue(JSON.readTree(lines.readLine()).path("message").isNull(), "that it has begun");
    return lines;
  }

  private long requests(ShardRequest.RequestCase kind) {
    return router.requests().stream().filter(one -> one.getRequestCase() == kind).count();
  }

  private double leftOut() {
    return gateway.registry.get("vmqtt.gateway.operator.messages.left.out").counter().count();
  }

  @Test
  void open_routerHasNotTheRoutes_waits() throws Exception {
    router.holdRoutes();
    CompletableFuture<InputStream> opening = opening(wanted(false, "plant/#", "b"));
    gateway.runUntil(
        () ->
            router.received.stream()
                .filter(GatewayFrame::hasRoutes)
                .anyMatch(one -> one.getRoutes().toString().contains("plant/#")));
    assertFalse(opening.isDone());

    long version =
        router.received.stream()
            .filter(GatewayFrame::hasRoutes)
            .mapToLong(one -> one.getRoutes().getVersion())
            .max()
            .orElseThrow();
    router.send(RouterFrame.newBuilder().setRoutesApplied(version));
    gateway.runUntil(opening::isDone);

    BufferedReader lines = lines(opening.join());
    router.publishTo("plant/a", 1);
    router.publishTo("c", 2);
    router.publishTo("b", 3);
    gateway.runUntil(
        () -> gateway.registry.get("vmqtt.gateway.deliveries").functionCounter().count() == 2);
    JsonNode first = JSON.readTree(lines.readLine());
    assertEquals("plant/a", first.at("/message/topic").asText());
    assertEquals(1, first.at("/message/qos").asInt());
    assertEquals(0, first.path("leftOut").asInt());
    assertEquals("b", JSON.readTree(lines.readLine()).at("/message/topic").asText());
  }

  @Test
  void retained_moreThanMayWait_comesWhole() throws Exception {
    int count = HeardMessages.MOST * 2;
    for (int i = 0; i < count; i++) {
      String topic = "t/%05d".formatted(i);
      router.retained.put(
          topic,
          Message.newBuilder()
              .setTopic(topic)
              .setRetain(true)
              .setPayload(ByteString.copyFromUtf8("v" + i))
              .build());
    }
    InputStream content = open(wanted(true, "t/#"));
    List<String> topics = new ArrayList<>();
    CompletableFuture<Void> reading =
        CompletableFuture.runAsync(
            () -> {
              try {
                BufferedReader lines = lines(content);
                while (topics.size() < count) {
                  JsonNode line = JSON.readTree(lines.readLine());
                  assertEquals(0, line.path("leftOut").asInt());
                  assertTrue(line.at("/message/retain").asBoolean(), line::toString);
                  topics.add(line.at("/message/topic").asText());
                }
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            },
            task -> Thread.ofVirtual().start(task));
    gateway.runUntil(reading::isDone);
    reading.join();
    assertEquals(List.copyOf(router.retained.keySet()), topics);
  }

  @Test
  void open_beyondTheBound_isRefused_untilOneEnds() throws Exception {
    List<InputStream> open = new ArrayList<>();
    for (int i = 0; i < OperatorSubscribers.MOST; i++) {
      open.add(open(wanted(false, "a")));
    }
    assertThrows(OperationRefusal.class, () -> subscribers.open(wanted(false, "a")));
    assertEquals(
        OperatorSubscribers.MOST,
        gateway.registry.get("vmqtt.gateway.operator.subscribers").gauge().value());

    open.getFirst().close();
    gateway.runUntil(() -> requests(ShardRequest.RequestCase.DETACH) == 1);
    open.set(0, open(wanted(false, "a")));
    for (InputStream one : open) {
      one.close();
    }
    gateway.runUntil(
        () -> requests(ShardRequest.RequestCase.DETACH) == OperatorSubscribers.MOST + 1);
    assertEquals(0, gateway.registry.get("vmqtt.gateway.operator.subscribers").gauge().value());
  }

  @Test
  void clusterWantsItGone_whoReadsHasAnEnd() throws Exception {
    BufferedReader lines = lines(open(wanted(false, "a")));
    long connection =
        router.requests().stream()
            .filter(ShardRequest::hasAttach)
            .mapToLong(one -> one.getAttach().getConnection())
            .findFirst()
            .orElseThrow();
    router.send(
        RouterFrame.newBuilder().setDisconnect(Disconnect.newBuilder().setConnection(connection)));
    gateway.runUntil(() -> requests(ShardRequest.RequestCase.DETACH) == 1);
    assertNull(lines.readLine());
  }

  @Test
  void gatewayStops_whoReadsHasAnEnd() throws Exception {
    BufferedReader lines = lines(open(wanted(false, "a")));
    subscribers.close();
    assertNull(lines.readLine());
    ExecutionException stopped =
        assertThrows(ExecutionException.class, () -> opening(wanted(false, "a")).get());
    assertInstanceOf(IOException.class, stopped.getCause());
  }

  private static EncodedPublish outgoing(String topic, byte[] payload) {
    return new EncodedPublish(
        new io.vmqtt.model.Message(
            topic,
            ByteBuffer.wrap(payload),
            Qos.AT_LEAST_ONCE,
            false,
            new MessageProperties(
                null, "text/plain", null, null, List.of(new UserProperty("a", "b"))),
            0,
            0),
        () -> 0);
  }

  private HeardMessages heard(int count, int payloadBytes) {
    HeardMessages heard =
        new HeardMessages(
            gateway.registry.get("vmqtt.gateway.operator.messages.left.out").counter()::increment);
    for (int i = 0; i < count; i++) {
      heard.add(outgoing("t/" + i, new byte[payloadBytes]), Delivery.of(Qos.AT_MOST_ONCE, false));
    }
    return heard;
  }

  @Test
  void messagesFasterThanTheyAreRead_theOldestAreLeftOut_andCounted() throws Exception {
    HeardMessages heard = heard(HeardMessages.MOST + 7, 1);
    BufferedReader lines = lines(new HeardLines(heard, false, () -> {}, () -> {}));
    JsonNode first = JSON.readTree(lines.readLine());
    assertEquals(7, first.path("leftOut").asInt());
    assertEquals("t/7", first.at("/message/topic").asText());
    assertTrue(first.at("/message/payload").isNull(), first::toString);
    assertEquals(1, first.at("/message/bytes").asInt());
    assertTrue(first.at("/message/contentType").isNull(), first::toString);
    for (int i = 8; i < HeardMessages.MOST + 7; i++) {
      JsonNode next = JSON.readTree(lines.readLine());
      assertEquals(0, next.path("leftOut").asInt());
      assertEquals("t/" + i, next.at("/message/topic").asText());
    }
    assertEquals(7, leftOut());
  }

  @Test
  void messagesBeyondTheBytes_theOldestAreLeftOut_butOneMayBeLarger() throws Exception {
    HeardMessages heard = heard(4, HeardMessages.MOST_BYTES / 2);
    assertEquals(3, leftOut());
    assertFalse(heard.hasRoom());
    heard.add(
        outgoing("large", new byte[HeardMessages.MOST_BYTES * 2]),
        Delivery.of(Qos.AT_MOST_ONCE, false));
    BufferedReader lines = lines(new HeardLines(heard, true, () -> {}, () -> {}));
    JsonNode large = JSON.readTree(lines.readLine());
    assertEquals(4, large.path("leftOut").asInt());
    assertEquals("large", large.at("/message/topic").asText());
    assertEquals("text/plain", large.at("/message/contentType").asText());
    assertEquals("[[\"a\",\"b\"]]", large.at("/message/userProperties").toString());
    assertTrue(heard.hasRoom());
  }
}
