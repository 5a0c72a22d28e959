package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouterFrame;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections for which nothing is to be done are not looked at, and nothing is missed. */
class RestTest {
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** One and a half times the keep alive of {@link PipelineClient#connect}. */
  private static final int SILENCE_SECONDS = 15;

  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - TIMEOUT_NANOS); // it wraps
  private final EventLoopConnections siblings =
      new EventLoopConnections(gateway.lane(), new ConnectionLog(false), nanos::get);
  private long lastSequence;

  @AfterEach
  void close() {
    gateway.close();
  }

  private PipelineClient client() {
    return PipelineClient.connected(gateway, ProtocolVersion.V5, siblings);
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
      siblings.checkClocks(TIMEOUT_NANOS);
    }
  }

  private void ping(PipelineClient client) {
    client.sendHex("c0 00");
  }

  @Test
  void silent_restsAndStillGoesInTime() {
    try (PipelineClient client = client()) {
      pass(1);
      assertEquals(0, siblings.awake());

      pass(SILENCE_SECONDS - 2);
      assertFalse(client.isClosed());

      pass(2);
      assertTrue(client.isClosed());
    }
  }

  @Test
  void heardNowAndThen_staysForEver() {
    try (PipelineClient client = client()) {
      for (int i = 0; i < 20; i++) {
        pass(SILENCE_SECONDS - 2);
        ping(client);
        assertEquals(1, siblings.awake());
      }
      assertFalse(client.isClosed());
    }
  }

  /** What an earlier rest has left must not end the present one. */
  @Test
  void heardForAnHour_isLookedAtOnceForEachTime() {
    int pings = 400;
    int every = 9;
    try (PipelineClient client = client()) {
      for (int i = 0; i < pings; i++) {
        pass(every);
        ping(client);
      }
      assertFalse(client.isClosed());
    }
    assertTrue(siblings.looks() <= pings + 2, () -> siblings.looks() + " looks");
  }

  @Test
  void clockJumps_goesAtTheNextLook() {
    try (PipelineClient client = client()) {
      pass(1);

      nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
      siblings.checkClocks(TIMEOUT_NANOS);

      assertTrue(client.isClosed());
    }
  }

  @Test
  void messageForIt_isAwakeUntilItHasLeft() {
    try (PipelineClient client = subscriber()) {
      pass(2);
      assertEquals(0, siblings.awake());
      client.stuck = true;
      publish();
      assertEquals(1, siblings.awake());

      pass(3);
      assertEquals(1, siblings.awake());

      client.stuck = false;
      client.channel.flush();
      pass(1);
      assertEquals(0, siblings.awake());
    }
  }

  @Test
  void endedByTheServer_whoDoesNotGoIsCutOff() {
    try (PipelineClient client = client()) {
      pass(2);
      client.stuck = true;

      client.handler.end(ReasonCode.ADMINISTRATIVE_ACTION);
      gateway.loop.runAll();
      assertEquals(1, siblings.awake());
      pass(12);

      assertFalse(client.channel.isOpen());
    }
  }

  @Test
  void gone_isForgotten() {
    PipelineClient client = client();
    pass(2);

    client.close();
    pass(40);

    assertEquals(0, siblings.awake());
    assertTrue(siblings.isEmpty());
  }

  private PipelineClient subscriber() {
    PipelineClient client = client();
    client.send(
        MqttMessageBuilders.subscribe()
            .messageId(1)
            .addSubscription(MqttQoS.AT_MOST_ONCE, "t")
            .build());
    gateway.runUntil(() -> !client.read().isEmpty());
    return client;
  }

  private void publish() {
    router.send(
        RouterFrame.newBuilder()
            .setPublish(
                Publish.newBuilder()
                    .setSequence(++lastSequence)
                    .setMessage(
                        Message.newBuilder()
                            .setTopic("t")
                            .setPayload(ByteString.copyFromUtf8("payload")))));
    gateway.loop.runAll();
  }
}
