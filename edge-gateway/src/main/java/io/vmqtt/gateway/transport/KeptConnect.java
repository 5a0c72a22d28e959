package io.vmqtt.gateway.transport;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.vmqtt.gateway.connection.Connection;
import io.vmqtt.gateway.link.GatewayMetrics;
import io.vmqtt.gateway.memory.SourceBytes;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A CONNECT with all that is in it, which is kept as long as it is not known who has sent it: what
 * strangers can make wait is bounded, for all together and for each source. Confined to the event
 * loop.
 */
final class KeptConnect {
  private final Connection connection;
  private final GatewayMetrics metrics;

  /** Whose it is; null: none is kept. */
  private @Nullable Object source;

  private long bytes;

  /** None yet. */
  KeptConnect(Connection connection, GatewayMetrics metrics) {
    this.connection = connection;
    this.metrics = metrics;
  }

  /** Counts one, if it has to be kept; false: there is no room for it. */
  boolean keep(MqttConnectMessage message, @Nullable SocketAddress from) {
    if (!isStranger()) {
      return true;
    }
    long more = PacketMemory.of(message);
    Object sender = SourceBytes.source(from);
    if (metrics.earlyBytes().get() + more > GatewayMetrics.MAX_EARLY_BYTES
        || !metrics.earlyBytesOfSources().add(sender, more)) {
      return false;
    }
    source = sender;
    bytes = more;
    metrics.earlyBytes().addAndGet(more);
    return true;
  }

  /** Once in a second suffices, and when something comes of its client. */
  void letGoIfKnown() {
    Object sender = source;
    if (sender != null && !isStranger()) {
      metrics.earlyBytes().addAndGet(-bytes);
      metrics.earlyBytesOfSources().remove(sender, bytes);
      source = null;
    }
  }

  boolean isKept() {
    return source != null;
  }

  private boolean isStranger() {
    return connection.identity() == null && !connection.isClosed();
  }
}
