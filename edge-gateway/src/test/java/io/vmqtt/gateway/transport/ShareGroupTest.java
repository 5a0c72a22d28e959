package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.message.v1.ShareChoice;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouterFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members of a share group at one gateway, of which one vanishes: section 4.8.2. */
class ShareGroupTest {
  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void close_memberHasNotAcknowledged_anotherGetsTheMessage() {
    List<PipelineClient> members = List.of(member(), member());
    publish();
    PipelineClient first = whoGotIt(members);
    PipelineClient second = members.get(1 - members.indexOf(first));

    first.close();

    assertEquals(List.of("PUBLISH t "), second.await());
    second.close();
  }

  @Test
  void close_memberHasAcknowledged_nobodyGetsItAgain() {
    List<PipelineClient> members = List.of(member(), member());
    publish();
    PipelineClient first = whoGotIt(members);
    PipelineClient second = members.get(1 - members.indexOf(first));
    first.sendHex("40 02 00 01");

    first.close();

    second.sendHex("c0 00");
    assertEquals(List.of("PINGRESP"), second.read());
    second.close();
  }

  private PipelineClient member() {
    PipelineClient client = PipelineClient.connected(gateway, ProtocolVersion.V5);
    client.send(
        MqttMessageBuilders.subscribe()
            .messageId(1)
            .addSubscription(MqttQoS.AT_LEAST_ONCE, "$share/g/t")
            .build());
    assertEquals(List.of("SUBACK 1 [1]"), client.await());
    return client;
  }

  private void publish() {
    router.send(
        RouterFrame.newBuilder()
            .setPublish(
                Publish.newBuilder()
                    .setSequence(1)
                    .setMessage(Message.newBuilder().setTopic("t").setQos(1))
                    .addShares(ShareChoice.newBuilder().setGroup("g").setFilter("t"))));
  }

  private PipelineClient whoGotIt(List<PipelineClient> members) {
    List<PipelineClient> got = new ArrayList<>();
    gateway.runUntil(
        () -> {
          for (PipelineClient member : members) {
            if (member.read().contains("PUBLISH t ")) {
              got.add(member);
            }
          }
          return !got.isEmpty();
        });
    assertEquals(1, got.size());
    return got.getFirst();
  }
}
