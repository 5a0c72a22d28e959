package io.vmqtt.store.leading;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

class GatewayWatchTest {
  private static final long GATEWAY = 7;
  private final GatewayWatch watch = new GatewayWatch(3_000, 10_000);

  @Test
  void isGone_neitherListedNorLinked_afterTheDetectionTime() {
    watch.discovered(Set.of(GATEWAY));
    assertFalse(watch.isGone(GATEWAY, 0));

    watch.discovered(Set.of());
    assertFalse(watch.isGone(GATEWAY, 1_000));
    assertFalse(watch.isGone(GATEWAY, 3_999));
    assertTrue(watch.isGone(GATEWAY, 4_000));
  }

  /** Too busy to answer its health check in time, but at work. */
  @Test
  void isGone_linkedToARouterOnly_never() {
    watch.linked("router", Set.of(GATEWAY));

    assertFalse(watch.isGone(GATEWAY, 0));
    assertFalse(watch.isGone(GATEWAY, 1_000_000));
    watch.linkDown("router");
    assertFalse(watch.isGone(GATEWAY, 1_000_000));
    assertTrue(watch.isGone(GATEWAY, 1_003_000));
  }

  /** The only router has just started, and the gateway has not found it yet. */
  @Test
  void isGone_listedOnly_never() {
    watch.discovered(Set.of(GATEWAY));
    watch.linked("router", Set.of());

    assertFalse(watch.isGone(GATEWAY, 0));
    assertFalse(watch.isGone(GATEWAY, 1_000_000));
  }

  @Test
  void isGone_comesBackInTime_startsAnew() {
    assertFalse(watch.isGone(GATEWAY, 0));
    watch.linked("router", Set.of(GATEWAY));
    assertFalse(watch.isGone(GATEWAY, 2_000));
    watch.linked("router", Set.of());

    assertFalse(watch.isGone(GATEWAY, 2_500));
    assertFalse(watch.isGone(GATEWAY, 5_499));
    assertTrue(watch.isGone(GATEWAY, 5_500));
  }

  @Test
  void isGone_rightAfterTheStart_hasTheGrace() {
    watch.begin(1_000);

    assertFalse(watch.isGone(GATEWAY, 1_000));
    assertFalse(watch.isGone(GATEWAY, 10_999));
    assertTrue(watch.isGone(GATEWAY, 11_000));
  }
}
