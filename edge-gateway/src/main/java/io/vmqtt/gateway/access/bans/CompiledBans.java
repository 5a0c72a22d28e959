package io.vmqtt.gateway.access.bans;

import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.Network;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Identity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Bans, made ready to be asked: a look costs as much as there are different lengths of networks,
 * however many bans there are. Never changed.
 */
final class CompiledBans {
  private final Map<String, List<Ban>> byClientId = new HashMap<>();
  private final Map<String, List<Ban>> byUser = new HashMap<>();
  private final Map<Network, List<Ban>> byNetwork = new HashMap<>();
  private final int[] lengths;

  CompiledBans(List<Ban> bans) {
    TreeSet<Integer> found = new TreeSet<>();
    for (Ban ban : bans) {
      switch (ban.who()) {
        case Banned.ClientId(String id) -> add(byClientId, id, ban);
        case Banned.User(String name) -> add(byUser, name, ban);
        case Banned.Address(Network network) -> {
          add(byNetwork, network, ban);
          found.add(network.bits());
        }
      }
    }
    lengths = found.stream().mapToInt(Integer::intValue).toArray();
  }

  private static <K> void add(Map<K, List<Ban>> bans, K key, Ban ban) {
    bans.computeIfAbsent(key, _ -> new ArrayList<>(1)).add(ban);
  }

  /** What keeps a client out; null: nothing. */
  @Nullable Ban find(Identity who, Instant now) {
    Ban ban = inForce(byClientId.get(who.clientId()), who, now);
    if (ban == null && who.userName() != null) {
      ban = inForce(byUser.get(who.userName()), who, now);
    }
    return ban == null ? find(who.peer(), who, now) : ban;
  }

  /** What keeps a client out in every namespace, whoever it proves to be; null: nothing. */
  @Nullable Ban find(Credentials credentials, Instant now) {
    Ban ban = inForce(byClientId.get(credentials.clientId()), null, now);
    return ban == null ? find(credentials.peer(), now) : ban;
  }

  /** What keeps everybody out who comes from there; null: nothing. */
  @Nullable Ban find(@Nullable SocketAddress from, Instant now) {
    return find(from, null, now);
  }

  private @Nullable Ban find(@Nullable SocketAddress from, @Nullable Identity who, Instant now) {
    if (lengths.length == 0
        || !(from instanceof InetSocketAddress inet)
        || inet.getAddress() == null) {
      return null;
    }
    InetAddress address = inet.getAddress();
    int longest = address.getAddress().length * Byte.SIZE;
    for (int bits : lengths) {
      Ban ban =
          bits > longest ? null : inForce(byNetwork.get(Network.around(address, bits)), who, now);
      if (ban != null) {
        return ban;
      }
    }
    return null;
  }

  /**
   * The first that holds.
   *
   * @param who null: only what holds in every namespace is asked for
   */
  private static @Nullable Ban inForce(
      @Nullable List<Ban> bans, @Nullable Identity who, Instant now) {
    for (Ban ban : bans == null ? List.<Ban>of() : bans) {
      boolean here =
          ban.namespace() == null || (who != null && ban.namespace().equals(who.namespace()));
      if (here && !ban.hasEnded(now)) {
        return ban;
      }
    }
    return null;
  }
}
