package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.memory.SourceBytes;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A CONNECT is kept until it is known who sent it: what strangers can make wait is counted. */
class KeptConnectTest {
  private static final int USER_PROPERTIES = 1000;
  private static final long MOST_OF_ALL = 64L << 20;

  private final GatewayHarness gateway = new GatewayHarness();
  private final PipelineClient client = new PipelineClient(gateway, new FakeAccess());
  private final AtomicLong kept = gateway.lane().metrics().earlyBytes();

  @AfterEach
  void close() {
    client.close();
    gateway.close();
  }

  private void connect(String proof) {
    var _ = gateway.router();
    MqttProperties will = new MqttProperties();
    for (int i = 0; i < USER_PROPERTIES; i++) {
      will.add(new MqttProperties.UserProperty("", ""));
    }
    client.send(
        PipelineClient.connect(ProtocolVersion.V5)
            .properties(PipelineClient.proof(proof))
            .willFlag(true)
            .willTopic("gone")
            .willMessage(new byte[0])
            .willProperties(will)
            .build());
  }

  @Test
  void connect_itsClientHasToProveMore_isCountedUntilItHas() {
    connect("ask");
    assertTrue(kept.get() > 100 * USER_PROPERTIES, () -> kept + " bytes");

    client.sendHex("f0 10 18 0e 15 00 04 46 41 4b 45 16 00 04 61 6e 6e 61");
    assertEquals("CONNACK 00", client.await().getLast());

    assertEquals(0, kept.get());
  }

  @Test
  void connect_itsClientLeaves_isCountedNoMore() {
    connect("ask");

    client.close();

    assertEquals(0, kept.get());
  }

  @Test
  void connect_tooMuchIsKept_isRefused() {
    kept.addAndGet(MOST_OF_ALL);

    connect("ask");

    assertEquals("CONNACK 97", client.await().getLast());
    assertEquals(MOST_OF_ALL, kept.get());
  }

  /** One source leaves room for others. */
  @Test
  void connect_oneSourceHasAQuarter_itsNextIsRefusedAndThoseOfOthersAreNot() {
    SourceBytes ofSources = gateway.lane().metrics().earlyBytesOfSources();
    Object same = SourceBytes.source(client.channel.remoteAddress());
    assertTrue(ofSources.add(same, MOST_OF_ALL / 4));

    connect("ask");

    assertEquals("CONNACK 97", client.await().getLast());
    assertEquals(0, kept.get());
    ofSources.remove(same, MOST_OF_ALL / 4);
    assertTrue(ofSources.add("another", MOST_OF_ALL / 4));
    try (PipelineClient other = new PipelineClient(gateway, new FakeAccess())) {
      other.send(
          PipelineClient.connect(ProtocolVersion.V5)
              .properties(PipelineClient.proof("ask"))
              .build());
      assertTrue(kept.get() > 0);
    }
    assertEquals(0, kept.get());
    assertEquals(1, ofSources.sources(), "who has nothing there is forgotten");
  }

  @Test
  void connect_itIsKnownAtOnceWhoSentIt_isNotCounted() {
    connect("anna");

    assertEquals(0, kept.get());
    assertEquals(List.of("CONNACK 00"), client.await());
  }
}
