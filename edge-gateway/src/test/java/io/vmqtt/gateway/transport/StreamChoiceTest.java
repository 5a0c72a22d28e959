package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.access.OpenAccess;
import io.vmqtt.model.ReasonCode;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which stream a message takes while SUBSCRIBE and UNSUBSCRIBE of several streams overlap. */
class StreamChoiceTest {
  private final GatewayHarness gateway = new GatewayHarness();
  private final PipelineClient client =
      new PipelineClient(
          gateway,
          new EventLoopConnections(gateway.lane()),
          new OpenAccess(),
          PipelineClient.SEVERAL_STREAMS);
  private final StreamChoice choice = new StreamChoice(10, 1);
  private final DataStream one = stream();
  private final DataStream other = stream();

  private DataStream stream() {
    return (DataStream) Objects.requireNonNull(client.handler.furtherStream());
  }

  @AfterEach
  void close() {
    client.close();
    gateway.close();
  }

  private static MqttMessage subscribe(int packetId) {
    return subscribe(packetId, "t");
  }

  private static MqttMessage subscribe(int packetId, String filter) {
    return MqttMessageBuilders.subscribe()
        .messageId(packetId)
        .addSubscription(MqttQoS.AT_LEAST_ONCE, filter)
        .build();
  }

  private static MqttMessage unsubscribe(int packetId) {
    return MqttMessageBuilders.unsubscribe().messageId(packetId).addTopicFilter("t").build();
  }

  private void granted(int packetId) {
    choice.subAck(packetId, List.of(ReasonCode.SUCCESS));
  }

  private void refused(int packetId) {
    choice.subAck(packetId, List.of(ReasonCode.NOT_AUTHORIZED));
  }

  @Test
  void unsubAck_subscribedAgainSince_leavesTheNewerOne() {
    choice.came(one, subscribe(1));
    granted(1);
    choice.came(one, unsubscribe(2));
    choice.came(other, subscribe(3));

    choice.unsubAck(2);
    granted(3);

    assertSame(other, choice.message("t"));
  }

  @Test
  void unsubAck_theNewerOneIsRefused_leavesNone() {
    choice.came(one, subscribe(1));
    granted(1);
    choice.came(one, unsubscribe(2));
    choice.came(other, subscribe(3));

    choice.unsubAck(2);
    refused(3);

    assertNull(choice.message("t"));
  }

  @Test
  void unsubAck_theNewerOneIsRefusedBefore_leavesNone() {
    choice.came(one, subscribe(1));
    granted(1);
    choice.came(one, unsubscribe(2));
    choice.came(other, subscribe(3));

    refused(3);
    choice.unsubAck(2);

    assertNull(choice.message("t"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void subAck_refused_theFormerOneIsThereAgain(boolean onTheFirst) {
    choice.came(one, subscribe(1));
    granted(1);
    choice.came(onTheFirst ? null : other, subscribe(2));
    assertSame(onTheFirst ? null : other, choice.message("t"));

    refused(2);

    assertSame(one, choice.message("t"));
  }

  @Test
  void subAck_refusedAfterANewerOneCame_leavesTheNewerOne() {
    choice.came(one, subscribe(1));
    choice.came(other, subscribe(2));

    refused(1);
    assertSame(other, choice.message("t"));
    granted(2);

    assertSame(other, choice.message("t"));
  }

  @Test
  void subAck_bothUnderWayAndTheNewerIsRefused_theOlderOneIsThere() {
    choice.came(one, subscribe(1));
    choice.came(other, subscribe(2));

    granted(1);
    assertSame(other, choice.message("t"));
    refused(2);

    assertSame(one, choice.message("t"));
  }

  @Test
  void subAck_grantedOnTheFirst_itIsThat() {
    choice.came(one, subscribe(1));
    granted(1);
    choice.came(null, subscribe(2));
    granted(2);
    assertNull(choice.message("t"));

    choice.came(other, subscribe(3));
    refused(3);

    assertNull(choice.message("t"));
  }

  /** Of subscriptions of the first stream nothing is known here, nor when they were made. */
  @Test
  void message_matchesAnOlderSubscriptionOfTheFirst_goesByTheOther() {
    choice.came(null, subscribe(1, "#"));
    granted(1);
    choice.came(one, subscribe(2));
    granted(2);

    assertSame(one, choice.message("t"));
    assertNull(choice.message("u"));
  }

  /** However many match, a topic that comes again costs one look. */
  @Test
  void message_ofATopicThatCameBefore_isNotMatchedAgainUntilSubscriptionsChange() {
    choice.came(one, subscribe(1));
    granted(1);
    for (int i = 0; i < 100; i++) {
      assertSame(one, choice.message("t"));
      assertNull(choice.message("u"));
    }
    assertEquals(1, choice.looks);

    choice.came(other, subscribe(2));
    assertSame(other, choice.message("t"));

    choice.left(other);
    assertNull(choice.message("t"));
    assertNull(choice.message("t"));
    assertEquals(2, choice.looks);
  }

  /** More topics than are remembered, and some that are too long for it. */
  @Test
  void message_ofManyTopics_eachIsFound() {
    choice.came(one, subscribe(1, "a/#"));
    granted(1);
    choice.came(other, subscribe(2, "b/#"));
    granted(2);
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 1_000; i++) {
        assertSame(one, choice.message("a/" + i));
        assertSame(other, choice.message("b/" + i));
        assertSame(other, choice.message("b/" + "l".repeat(200) + i));
      }
    }
  }
}
