package io.vmqtt.gateway.config;

import io.vmqtt.gateway.connection.Limits;
import java.time.Duration;

/**
 * What can be set for a gateway.
 *
 * @param host address to listen on for MQTT
 * @param port port to listen on for MQTT; 0: any free one
 * @param eventLoops threads for connections; 0: as many as there are processors
 * @param limits bounds of one connection
 * @param maxConnections further ones are refused
 * @param maxUnansweredBytes QoS 1 and 2 publishes that may be unanswered per event loop; beyond it
 *     reading from publishers stops
 * @param connectTimeout from the opening of a connection to its CONNECT, and again to its CONNACK
 * @param failureDetection how long a router that cannot be reached still counts for SUBACK
 */
public record GatewayConfig(
    String host,
    int port,
    int eventLoops,
    Limits limits,
    int maxConnections,
    long maxUnansweredBytes,
    Duration connectTimeout,
    Duration failureDetection) {
  private static final int LEAST_PACKET_BYTES = 1 << 10;

  /** So that a packet, and what the cluster adds to it, is well below what a link carries. */
  private static final int MOST_PACKET_BYTES = 32 << 20;

  public GatewayConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("vmqtt.gateway.port must be 0 to 65535, not " + port);
    }
    if (eventLoops < 0 || eventLoops > 256) {
      throw new IllegalArgumentException(
          "vmqtt.gateway.event-loops must be 0 to 256, not " + eventLoops);
    }
    int packetBytes = limits.maxPacketBytes();
    if (packetBytes < LEAST_PACKET_BYTES || packetBytes > MOST_PACKET_BYTES) {
      throw new IllegalArgumentException(
          "vmqtt.gateway.max-packet-size must be 1024 to 33554432, not " + packetBytes);
    }
  }

  /** The defaults, on a port. */
  public static GatewayConfig onPort(int port) {
    return new GatewayConfig(
        "0.0.0.0",
        port,
        0,
        Limits.DEFAULT,
        1_000_000,
        32L << 20,
        Duration.ofSeconds(10),
        Duration.ofSeconds(3));
  }

  /** The same, listening on another address. */
  public GatewayConfig withHost(String newHost) {
    return new GatewayConfig(
        newHost,
        port,
        eventLoops,
        limits,
        maxConnections,
        maxUnansweredBytes,
        connectTimeout,
        failureDetection);
  }
}
