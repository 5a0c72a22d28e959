package io.vmqtt.cluster.bans;

import java.net.InetAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Pardons, made ready to be asked: a look costs as much as there are different lengths of networks,
 * however many pardons there are. Never changed.
 */
public final class Pardons {
  /** Nobody is pardoned. */
  public static final Pardons NONE = new Pardons(List.of());

  private final Map<String, Pardon> byClientId = new HashMap<>();
  private final Map<String, Pardon> byUser = new HashMap<>();
  private final Map<Network, Pardon> byNetwork = new HashMap<>();
  private final int[] lengths;

  /** Those; of several of the same the latest counts. */
  public Pardons(List<Pardon> pardons) {
    TreeSet<Integer> found = new TreeSet<>();
    for (Pardon pardon : pardons) {
      switch (pardon.who()) {
        case Banned.ClientId(String id) -> add(byClientId, Suspect.counted(id), pardon);
        case Banned.User(String name) -> add(byUser, Suspect.counted(name), pardon);
        case Banned.Address(Network network) -> {
          Network sources = network.ofSources();
          add(byNetwork, sources, pardon);
          found.add(sources.bits());
        }
      }
    }
    lengths = found.stream().mapToInt(Integer::intValue).toArray();
  }

  private static <K> void add(Map<K, Pardon> pardons, K key, Pardon pardon) {
    pardons.merge(key, pardon, (one, other) -> one.at().isAfter(other.at()) ? one : other);
  }

  /** What pardons somebody what has begun then; null: nothing. */
  public @Nullable Pardon find(Suspect suspect, long sinceMillis) {
    Instant since = Instant.ofEpochMilli(sinceMillis);
    Pardon byName =
        switch (suspect.kind()) {
          case ADDRESS -> null;
          case USER -> byUser.get(suspect.name());
          case CLIENT_ID -> byClientId.get(suspect.name());
        };
    return isFor(byName, since) ? byName : find(suspect.from(), since);
  }

  private @Nullable Pardon find(Network from, Instant since) {
    InetAddress base = from.base();
    for (int bits : lengths) {
      Pardon pardon = bits > from.bits() ? null : byNetwork.get(Network.around(base, bits));
      if (isFor(pardon, since)) {
        return pardon;
      }
    }
    return null;
  }

  private static boolean isFor(@Nullable Pardon pardon, Instant since) {
    return pardon != null && !since.isAfter(pardon.at());
  }
}
