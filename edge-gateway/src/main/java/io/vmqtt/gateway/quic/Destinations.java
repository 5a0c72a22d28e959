package io.vmqtt.gateway.quic;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where datagrams of one socket may go. An address is proven by a token, or by the answer to a
 * challenge (RFC 9000, 8.1 and 8.2), as long as the connection lasts for which it was. Any other
 * has at most three times as many bytes as came from it (RFC 9000, 9.3.1): else whoever sends in
 * its name would have more sent to it than he sends himself. Confined to the event loop of the
 * socket.
 */
final class Destinations {
  private static final int FACTOR = 3;

  /** So many that are not proven are remembered; then the one that was quiet the longest goes. */
  static final int MOST_UNPROVEN = 1024;

  /** For how many connections an address is proven. */
  private final Map<InetSocketAddress, Integer> proven = new HashMap<>();

  /** Bytes that may still go to an address that is not. */
  private final Map<InetSocketAddress, Long> unproven =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Long> eldest) {
          return size() > MOST_UNPROVEN;
        }
      };

  /** Somebody has shown that he is there, for one more connection. */
  void prove(InetSocketAddress address) {
    proven.merge(address, 1, Integer::sum);
    unproven.remove(address);
  }

  /** For one connection less. */
  void forget(InetSocketAddress address) {
    proven.computeIfPresent(address, (_, connections) -> connections == 1 ? null : connections - 1);
  }

  /** So many bytes have come from there. */
  void came(InetSocketAddress from, int bytes) {
    if (!proven.containsKey(from)) {
      unproven.merge(from, (long) FACTOR * bytes, Long::sum);
    }
  }

  /** Whether so many bytes may go there; then they count. */
  boolean mayGo(InetSocketAddress to, int bytes) {
    if (proven.containsKey(to)) {
      return true;
    }
    long left = unproven.getOrDefault(to, 0L) - bytes;
    if (left >= 0) {
      unproven.put(to, left);
    }
    return left >= 0;
  }
}
