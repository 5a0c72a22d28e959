package io.vmqtt.gateway.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Qos;
import io.vmqtt.proto.routing.v1.Publish;
import java.nio.ByteBuffer;
import java.util.List;
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
