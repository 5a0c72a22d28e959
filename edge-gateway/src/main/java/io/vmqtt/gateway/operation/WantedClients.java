package io.vmqtt.gateway.operation;

import io.vmqtt.cluster.access.NamePattern;
import io.vmqtt.cluster.bans.Network;
import io.vmqtt.cluster.operation.ClientFilter;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.transport.ConnectedClient;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which of the clients somebody wants to see. Immutable. */
final class WantedClients implements Predicate<ConnectedClient> {
  private final ClientFilter filter;
  private final @Nullable NamePattern clientId;
  private final @Nullable NamePattern user;
  private final @Nullable Network network;
  private final long nowMillis;

  /**
   * @throws IllegalArgumentException if the network is none
   */
  WantedClients(ClientFilter filter, long nowMillis) {
    this.filter = filter;
    this.clientId = pattern(filter.clientId());
    this.user = pattern(filter.user());
    this.network = filter.network() == null ? null : Network.of(filter.network());
    this.nowMillis = nowMillis;
  }

  private static @Nullable NamePattern pattern(@Nullable String text) {
    return text == null ? null : new NamePattern(text);
  }

  @Override
  public boolean test(ConnectedClient client) {
    Identity who = client.connection().identity();
    Boolean persistent = filter.persistent();
    Long since = filter.connectedSinceMillis();
    return who != null
        && (filter.namespace() == null || filter.namespace().equals(who.namespace().name()))
        && (clientId == null || clientId.matches(who.clientId()))
        && (user == null || (who.userName() != null && user.matches(who.userName())))
        && (network == null || isIn(network, who))
        && (filter.protocol() == null || filter.protocol().equals(client.level().words()))
        && (persistent == null || persistent == isPersistent(client))
        && (since == null
            || nowMillis - TimeUnit.NANOSECONDS.toMillis(client.connectedForNanos()) >= since);
  }

  static boolean isPersistent(ConnectedClient client) {
    return client.connection().agreed().sessionExpirySeconds() > 0;
  }

  private static boolean isIn(Network network, Identity who) {
    return who.peer() instanceof InetSocketAddress address
        && !address.isUnresolved()
        && network.contains(address.getAddress());
  }
}
