package io.vmqtt.gateway.operation;

import io.vmqtt.cluster.operation.ClientInfo;
import io.vmqtt.cluster.operation.ClientName;
import io.vmqtt.cluster.operation.ClientPage;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.connection.Connection;
import io.vmqtt.gateway.transport.ConnectedClient;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The lowest of the clients that are shown to it, as many as are wanted and one more: that tells
 * whether there are others. Clients of a gateway have no order, and get none for this; a page costs
 * one look at each. Confined to one event loop until all were shown.
 */
final class LowestClients {
  private final String gateway;
  private final Predicate<ConnectedClient> wanted;
  private final @Nullable ClientName after;
  private final int limit;
  private final long nowMillis;
  private final TreeMap<ClientName, ClientInfo> lowest = new TreeMap<>();

  /**
   * None yet.
   *
   * @param gateway the id of this node
   * @param after only those behind this one; null: all
   */
  LowestClients(
      String gateway,
      Predicate<ConnectedClient> wanted,
      @Nullable ClientName after,
      int limit,
      long nowMillis) {
    this.gateway = gateway;
    this.wanted = wanted;
    this.after = after;
    this.limit = limit;
    this.nowMillis = nowMillis;
  }

  void look(ConnectedClient client) {
    Identity who = client.connection().identity();
    if (who == null) {
      return;
    }
    ClientName name = new ClientName(who.namespace().name(), who.clientId());
    if ((after != null && name.compareTo(after) <= 0)
        || (lowest.size() > limit && name.compareTo(lowest.lastKey()) >= 0)
        || !wanted.test(client)) {
      return;
    }
    lowest.put(name, info(client, who));
    if (lowest.size() > limit + 1) {
      lowest.pollLastEntry();
    }
  }

  private ClientInfo info(ConnectedClient client, Identity who) {
    Connection connection = client.connection();
    int[] inFlight = {0};
    connection.unfinished(packetId -> inFlight[0]++);
    return new ClientInfo(
        who.namespace().name(),
        who.clientId(),
        who.userName(),
        text(who.peer()),
        gateway,
        client.level().words(),
        Instant.ofEpochMilli(nowMillis - TimeUnit.NANOSECONDS.toMillis(client.connectedForNanos()))
            .toString(),
        connection.agreed().keepAliveSeconds(),
        WantedClients.isPersistent(client),
        connection.agreed().sessionExpirySeconds(),
        connection.agreed().window(),
        inFlight[0],
        client.waitingBytes());
  }

  private static @Nullable String text(@Nullable SocketAddress peer) {
    if (peer instanceof InetSocketAddress address && !address.isUnresolved()) {
      String host = address.getAddress().getHostAddress();
      return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + address.getPort();
    }
    return peer == null ? null : peer.toString();
  }

  /** The lowest of those that any of them was shown. */
  static ClientPage page(Collection<LowestClients> loops, int limit) {
    List<ClientInfo> all =
        loops.stream()
            .flatMap(loop -> loop.lowest.values().stream())
            .sorted(Comparator.comparing(ClientInfo::name))
            .toList();
    return new ClientPage(all.subList(0, Math.min(limit, all.size())), all.size() > limit);
  }
}
