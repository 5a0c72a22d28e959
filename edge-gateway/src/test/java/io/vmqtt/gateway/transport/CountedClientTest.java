package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vmqtt.cluster.operation.ClientTraffic;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ProtocolVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is counted of one client, from bytes to bytes. */
class CountedClientTest {
  private final GatewayHarness gateway = new GatewayHarness();

  @AfterEach
  void close() {
    gateway.close();
  }

  private static MqttMessage publish(int payloadBytes) {
    return MqttMessageBuilders.publish()
        .topicName("t/1")
        .qos(MqttQoS.AT_MOST_ONCE)
        .payload(Unpooled.copiedBuffer(new byte[payloadBytes]))
        .build();
  }

  private static CompletableFuture<ClientTraffic> count(PipelineClient client, int seconds) {
    List<CompletableFuture<ClientTraffic>> counts = new ArrayList<>();
    client.siblings.show(one -> counts.add(one.count(seconds)), () -> {});
    assertEquals(1, counts.size());
    return counts.getFirst();
  }

  private static int handlers(PipelineClient client) {
    return client.channel.pipeline().names().size();
  }

  @Test
  void count_forASecond_isOfWhatPassedThen_andLeavesNothingBehind() {
    gateway.router();
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5)) {
      int before = handlers(client);
      client.send(publish(10));
      CompletableFuture<ClientTraffic> counted = count(client, 1);
      CompletableFuture<ClientTraffic> byAnother = count(client, 2);

      client.send(publish(11), publish(300), MqttMessage.PINGREQ);
      client.await();
      assertFalse(counted.isDone());
      client.channel.advanceTimeBy(1, TimeUnit.SECONDS);
      client.channel.runScheduledPendingTasks();

      ClientTraffic traffic = counted.join();
      assertEquals(2, traffic.messagesIn());
      assertEquals(0, traffic.messagesOut());
      assertEquals((2 + 5 + 1 + 11) + (3 + 5 + 1 + 300) + 2, traffic.bytesIn());
      assertEquals(2, traffic.bytesOut());
      assertTrue(traffic.millis() > 0, traffic::toString);
      assertEquals(before + 1, handlers(client));

      client.channel.advanceTimeBy(1, TimeUnit.SECONDS);
      client.channel.runScheduledPendingTasks();
      assertEquals(2, byAnother.join().messagesIn());
      assertEquals(before, handlers(client));
    }
  }

  @Test
  void count_clientThatGoes_isWhatPassedUntilThen() {
    gateway.router();
    try (PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V3)) {
      CompletableFuture<ClientTraffic> counted = count(client, 5);
      client.send(publish(1));
      var _ = client.channel.close();
      gateway.loop.runAll();

      assertEquals(1, counted.join().messagesIn());
    }
  }
}
