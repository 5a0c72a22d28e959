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
  private final LongSupplier nanoClock;
  private volatile Pace pace;

  /** How fast they may come, and how fast they do. */
  private record Pace(
      ConnectRates rates,
      @Nullable Bursts<Network> ofAddresses,
      @Nullable Bursts<Doorkeeper> ofAll) {

    static Pace of(ConnectRates rates, LongSupplier nanoClock) {
      return new Pace(
          rates, bursts(rates.ofAddress(), nanoClock), bursts(rates.ofAll(), nanoClock));
    }

    private static <K> @Nullable Bursts<K> bursts(int perSecond, LongSupplier nanoClock) {
      return perSecond == 0 ? null : new Bursts<>(perSecond, WINDOW, nanoClock);
    }
  }

  Doorkeeper(LiveBans bans, ConnectRates rates, ListenerMetrics metrics, LongSupplier nanoClock) {
    this.bans = bans;
    this.metrics = metrics;
    this.nanoClock = nanoClock;
    this.pace = Pace.of(rates, nanoClock);
  }

  /** So fast they may come from now on. */
  void rates(ConnectRates rates) {
    if (!rates.equals(pace.rates)) {
      pace = Pace.of(rates, nanoClock);
    }
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
    Pace now = pace;
    if (now.ofAddresses != null
        && from instanceof InetSocketAddress inet
        && inet.getAddress() != null
        && now.ofAddresses.isTooOften(Network.source(inet.getAddress()))) {
      metrics.tooFastOfAddress();
      return false;
    }
    if (now.ofAll != null && now.ofAll.isTooOften(this)) {
      metrics.tooFast();
      return false;
    }
    return true;
  }
}
