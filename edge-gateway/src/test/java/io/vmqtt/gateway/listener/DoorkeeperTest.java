package io.vmqtt.gateway.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.gateway.access.bans.LiveBans;
import io.vmqtt.gateway.config.ConnectRates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoorkeeperTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final LiveBans bans = LiveBans.none();
  private long nanos;

  private Doorkeeper keeper(int ofAll, int ofAddress) {
    return new Doorkeeper(
        bans,
        new ConnectRates(ofAll, ofAddress),
        new ListenerMetrics(registry, "plant"),
        () -> nanos);
  }

  private static InetSocketAddress from(String address) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), 4711);
  }

  private double tooFast(String of) {
    return registry
        .get("vmqtt.gateway.connections.too.fast")
        .tags("listener", "plant", "of", of)
        .counter()
        .count();
  }

  @Test
  void test_oneAddressTooFast_isTurnedAwayAndOthersAreNot() {
    Doorkeeper keeper = keeper(0, 2);
    assertTrue(keeper.test(from("192.0.2.1")));
    assertTrue(keeper.test(from("192.0.2.1")));

    assertFalse(keeper.test(from("192.0.2.1")));

    assertTrue(keeper.test(from("192.0.2.2")));
    assertEquals(1, tooFast("address"));
    nanos += Duration.ofMillis(500).toNanos();
    assertTrue(keeper.test(from("192.0.2.1")));
    assertFalse(keeper.test(from("192.0.2.1")));
  }

  @Test
  void test_allTogetherTooFast_areTurnedAway() {
    Doorkeeper keeper = keeper(2, 0);
    assertTrue(keeper.test(from("192.0.2.1")));
    assertTrue(keeper.test(from("192.0.2.2")));

    assertFalse(keeper.test(from("192.0.2.3")));

    assertEquals(1, tooFast("listener"));
    nanos += Duration.ofSeconds(1).toNanos();
    assertTrue(keeper.test(from("192.0.2.3")));
  }

  @Test
  void test_oneAddressTooFast_doesNotUseUpWhatAllHave() {
    Doorkeeper keeper = keeper(3, 1);
    for (int i = 0; i < 10; i++) {
      keeper.test(from("192.0.2.1"));
    }

    assertTrue(keeper.test(from("192.0.2.2")));
    assertTrue(keeper.test(from("192.0.2.3")));
  }

  @Test
  void test_unbounded_everybodyEnters() {
    Doorkeeper keeper = keeper(0, 0);
    for (int i = 0; i < 10_000; i++) {
      assertTrue(keeper.test(from("192.0.2.1")));
    }
  }

  @Test
  void test_bannedAddress_isTurnedAwayAndNotCountedAsTooFast() {
    Doorkeeper keeper = keeper(1, 1);
    bans.follow(
        new Bans(1, List.of(new Ban(Banned.of("address", "192.0.2.1"), null, "", "", null, null))));

    assertFalse(keeper.test(from("192.0.2.1")));
    assertFalse(keeper.test(from("192.0.2.1")));

    assertEquals(0, tooFast("address"));
    assertTrue(keeper.test(from("192.0.2.2")));
  }
}
