package io.vmqtt.gateway.link;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.namespaces.NamespaceTerms;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.quota.NamespaceUse;
import io.vmqtt.model.Consistency;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.Quota;
import io.vmqtt.model.Quotas;
import io.vmqtt.proto.routing.v1.Publish;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which of several routers a gateway uses. */
class GatewayTest {
  private static final int TOPICS = 20;

  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();
  private final FakeRouter other = gateway.router();

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void routerState_othersReachMoreShards_whatItHasNotAnsweredGoesThere() {
    gateway.runUntil(() -> routersInUse() == 2);
    List.of(router, other).forEach(FakeRouter::holdPublishes);
    publishAll();
    gateway.runUntil(() -> router.publishes().size() + other.publishes().size() == TOPICS);

    router.ready(1);
    gateway.runUntil(() -> other.publishes().size() == TOPICS);

    assertEquals(topics().collect(Collectors.toSet()), topics(other));
  }

  @Test
  void routerState_allReachTheSame_allAreUsed() {
    router.ready(1);
    other.ready(1);
    gateway.runUntil(() -> routersInUse() == 2);

    publishAll();
    gateway.runUntil(() -> router.publishes().size() + other.publishes().size() == TOPICS);

    assertEquals(
        topics().collect(Collectors.toSet()),
        Stream.of(router, other).flatMap(one -> topics(one).stream()).collect(Collectors.toSet()));
  }

  /** What is said of a namespace, and among how many gateways it is shared, is heard. */
  @Test
  void namespaces_namedByTheCluster_areBoundAndMeasured() {
    Namespace small = Namespace.of("small");
    Namespaces namespaces =
        new Namespaces(
            1,
            Map.of(
                small,
                new NamespaceTerms(new Quotas(Map.of(Quota.CONNECTIONS, 2L)), Consistency.STRONG)));
    for (String id : List.of("gateway", "another")) {
      var _ =
          gateway.discovery.register(
              new Node(id, Role.EDGE_GATEWAY, "localhost", 1, 0, "t", Map.of()));
    }
    var _ = gateway.facts.of(NamespacesFact.NAMESPACES).create(namespaces);

    await()
        .until(
            () -> {
              NamespaceUse first = gateway.gateway().namespaces().join(small);
              NamespaceUse second = gateway.gateway().namespaces().join(small);
              if (second != null) {
                second.leave();
              }
              if (second != null && first != null) {
                first.leave();
              }
              return first != null && second == null;
            });

    assertEquals(
        1,
        gateway
            .registry
            .get("vmqtt.gateway.namespace.connections")
            .tag("namespace", "small")
            .gauge()
            .value());
    assertTrue(
        gateway
                .registry
                .get("vmqtt.gateway.namespace.refused")
                .tags("namespace", "small", "quota", "connections")
                .functionCounter()
                .count()
            >= 1);
  }

  private void publishAll() {
    topics().forEach(topic -> gateway.lane().publish(message(topic), null, reason -> {}));
  }

  private static Stream<String> topics() {
    return IntStream.range(0, TOPICS).mapToObj(i -> "topic " + i);
  }

  private long routersInUse() {
    return topics().map(topic -> gateway.lane().routerOf(topic)).distinct().count();
  }

  private static Message message(String topic) {
    return new Message(
        topic, ByteBuffer.allocate(0), Qos.AT_LEAST_ONCE, false, MessageProperties.NONE, 0, 0);
  }

  private static Set<String> topics(FakeRouter router) {
    return router.publishes().stream()
        .map(Publish::getMessage)
        .map(io.vmqtt.proto.message.v1.Message::getTopic)
        .collect(Collectors.toSet());
  }
}
