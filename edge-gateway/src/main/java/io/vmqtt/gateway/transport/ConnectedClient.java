package io.vmqtt.gateway.transport;

import io.netty.channel.Channel;
import io.vmqtt.cluster.operation.ClientTraffic;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.connection.Connection;
import io.vmqtt.gateway.connection.ProtocolLevel;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.trace.Tally;
import io.vmqtt.gateway.trace.TallyHandler;
import io.vmqtt.gateway.trace.TrafficHandler;
import java.util.concurrent.CompletableFuture;

/**
 * A client that has its session, as it is at this moment. Belongs to the event loop of its
 * connection.
 *
 * @param channel for those who look at what passes
 * @param level of MQTT, as its CONNECT said
 * @param connectedForNanos since its CONNECT
 * @param waitingBytes what is held for it, and what it has sent in part
 */
public record ConnectedClient(
    Channel channel,
    Connection connection,
    ProtocolLevel level,
    long connectedForNanos,
    long waitingBytes) {

  /** Has what passes counted. */
  public void count(Tally tally) {
    Identity who = connection.identity();
    if (who != null) {
      TallyHandler.add(channel.pipeline(), tally, who);
    }
  }

  /** Has it counted for a while; complete after that, or when it is gone. */
  public CompletableFuture<ClientTraffic> count(int seconds) {
    boolean hasProperties = connection.version() == ProtocolVersion.V5;
    return TrafficHandler.add(channel.pipeline(), seconds, hasProperties);
  }

  /** Has it counted no longer. */
  public void stopCounting() {
    TallyHandler.remove(channel.pipeline());
  }
}
