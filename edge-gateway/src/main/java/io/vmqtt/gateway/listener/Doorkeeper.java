package io.vmqtt.gateway.listener;

import io.vmqtt.cluster.bans.Network;
import io.vmqtt.gateway.access.bans.Bursts;
import io.vmqtt.gateway.access.bans.LiveBans;
import io.vmqtt.gateway.config.ConnectRates;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says who may enter by where he comes from: nobody who is banned there, and of one source, and of
 * all, so many in a second. One source is asked first, so that it cannot use up what all have. Safe
 * from any thread.
 */
final class Doorkeeper implements Predicate<SocketAddress> {
  private static final Duration WINDOW = Duration.ofSeconds(1);

  private final LiveBans bans;
  private final ListenerMetrics metrics;
  private final @Nullable Bursts<Network> ofAddresses;
  private final @Nullable Bursts<Doorkeeper> ofAll;

  Doorkeeper(LiveBans bans, ConnectRates rates, ListenerMetrics metrics, LongSupplier nanoClock) {
    this.bans = bans;
    this.metrics = metrics;
    this.ofAddresses = bursts(rates.ofAddress(), nanoClock);
    this.ofAll = bursts(rates.ofAll(), nanoClock);
  }

  private static <K> @Nullable Bursts<K> bursts(int perSecond, LongSupplier nanoClock) {
    return perSecond == 0 ? null : new Bursts<>(perSecond, WINDOW, nanoClock);
  }

  /** Whether whoever has come in may be there now. */
  boolean mayStay(SocketAddress now) {
    return !bans.areAbout(now);
  }

  @Override
  public boolean test(SocketAddress from) {
    if (bans.areAbout(from)) {
      return false;
    }
    if (ofAddresses != null
        && from instanceof InetSocketAddress inet
        && inet.getAddress() != null
        && ofAddresses.isTooOften(Network.source(inet.getAddress()))) {
      metrics.tooFastOfAddress();
      return false;
    }
    if (ofAll != null && ofAll.isTooOften(this)) {
      metrics.tooFast();
      return false;
    }
    return true;
  }
}
