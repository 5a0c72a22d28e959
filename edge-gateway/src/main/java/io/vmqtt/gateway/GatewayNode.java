package io.vmqtt.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.gateway.codec.EncodedPublish;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.link.Gateway;
import io.vmqtt.gateway.transport.MqttServer;
import java.io.IOException;

/** One gateway, without the process around it. */
public final class GatewayNode implements AutoCloseable {
  private final MqttServer server;
  private final Gateway gateway;
  private final int port;
  private volatile boolean closing;

  /**
   * Builds a gateway and listens for clients; it serves them as soon as it has found a router.
   *
   * @throws IOException if the MQTT port cannot be had
   */
  public GatewayNode(
      GatewayConfig config,
      Discovery discovery,
      ClusterFacts facts,
      Channels channels,
      LinkEnds ends,
      MeterRegistry registry)
      throws IOException {
    server = new MqttServer(config);
    gateway =
        new Gateway(
            config,
            discovery,
            facts,
            channels,
            ends,
            registry,
            server.eventLoops(),
            EncodedPublish.encoder());
    try {
      port = server.listen(gateway);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** True while clients can be served; a load balancer sends no more of them to one that stops. */
  public boolean isReady() {
    return !closing && gateway.isReady();
  }

  /** Open connections. */
  public int connections() {
    return gateway.metrics().connections().get();
  }

  @Override
  public void close() {
    closing = true;
    server.close();
    gateway.close();
  }
}
