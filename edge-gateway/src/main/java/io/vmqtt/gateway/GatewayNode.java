package io.vmqtt.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.OpenAccess;
import io.vmqtt.gateway.codec.EncodedPublish;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.link.Gateway;
import io.vmqtt.gateway.listener.Listeners;
import java.io.IOException;
import java.util.Map;

/** One gateway, without the process around it. */
public final class GatewayNode implements AutoCloseable {
  private final Listeners listeners;
  private final Gateway gateway;
  private volatile boolean closing;

  /** A gateway that lets everybody do everything. */
  public GatewayNode(
      GatewayConfig config,
      Discovery discovery,
      ClusterFacts facts,
      Channels channels,
      LinkEnds ends,
      MeterRegistry registry)
      throws IOException {
    this(config, new OpenAccess(), discovery, facts, channels, ends, registry);
  }

  /**
   * Builds a gateway and listens for clients; it serves them as soon as it has found a router.
   *
   * @throws IOException if an MQTT port cannot be had; the message says which
   */
  public GatewayNode(
      GatewayConfig config,
      Access access,
      Discovery discovery,
      ClusterFacts facts,
      Channels channels,
      LinkEnds ends,
      MeterRegistry registry)
      throws IOException {
    listeners = new Listeners(config);
    gateway =
        new Gateway(
            config,
            discovery,
            facts,
            channels,
            ends,
            registry,
            listeners.eventLoops(),
            EncodedPublish.encoder());
    try {
      listeners.open(gateway, access, registry);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** The port of its default listener. */
  public int port() {
    return listeners.port();
  }

  /** The port of a listener. */
  public int port(String listener) {
    return listeners.port(listener);
  }

  /** The ports of all listeners, by their names. */
  public Map<String, Integer> ports() {
    return listeners.ports();
  }

  /** True while clients can be served; a load balancer sends no more of them to one that stops. */
  public boolean isReady() {
    return !closing && gateway.isReady();
  }

  /** Open connections. */
  public int connections() {
    return listeners.connections();
  }

  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    listeners.close();
    gateway.close();
  }
}
