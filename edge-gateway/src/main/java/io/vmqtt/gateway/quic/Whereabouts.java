package io.vmqtt.gateway.quic;

import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the client of one connection has shown that it is: so many addresses are remembered, and
 * then the one goes that it was at the longest ago, which is never the one that it is at. Confined
 * to the event loop.
 */
final class Whereabouts {
  static final int MOST = QuicSockets.PATHS;

  /** The latest last. */
  private final Set<InetSocketAddress> proven = new LinkedHashSet<>();

  private @Nullable InetSocketAddress latest;

  /** It is there from now on. */
  void moved(InetSocketAddress address) {
    latest = address;
    refresh(address);
  }

  private boolean refresh(InetSocketAddress address) {
    return proven.remove(address) && proven.add(address);
  }

  /** It has shown that it is there. */
  void proved(InetSocketAddress address, Destinations destinations) {
    if (refresh(address)) {
      return;
    }
    proven.add(address);
    destinations.prove(address);
    if (proven.size() > MOST) {
      proven.stream()
          .filter(one -> !one.equals(latest))
          .findFirst()
          .ifPresent(one -> notThere(one, destinations));
    }
  }

  /** It is not there, or not any more. */
  void notThere(InetSocketAddress address, Destinations destinations) {
    if (proven.remove(address)) {
      destinations.forget(address);
    }
  }

  /** It is nowhere. */
  void forgetAll(Destinations destinations) {
    List.copyOf(proven).forEach(address -> notThere(address, destinations));
  }
}
