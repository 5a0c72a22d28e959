package io.vmqtt.gateway.link;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RouterLinkTest {
  private final RouterLink router = new RouterLink(new RecordingLink("a"), 1);

  @Test
  void compare_differenceLasts_isPassedOverUntilItHasNoneForAsLong() {
    router.setState(true, 2);
    assertFalse(router.compare(0));
    assertFalse(router.compare(0));
    assertFalse(router.isPassedOver());
    assertTrue(router.compare(0));
    assertTrue(router.isPassedOver());

    router.setState(true, 0);
    assertFalse(router.compare(0));
    assertFalse(router.compare(0));
    assertTrue(router.isPassedOver());
    assertTrue(router.compare(0));
    assertFalse(router.isPassedOver());
  }

  @Test
  void compare_othersFollowSoon_isNeverPassedOver() {
    router.setState(true, 2);
    assertFalse(router.compare(0));
    assertFalse(router.compare(0));

    assertFalse(router.compare(2));
    assertFalse(router.compare(0));
    assertFalse(router.compare(0));

    assertFalse(router.isPassedOver());
  }
}
