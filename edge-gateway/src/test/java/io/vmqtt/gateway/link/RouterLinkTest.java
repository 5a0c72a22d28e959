package io.vmqtt.gateway.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouterLinkTest {
  private final RouterLink router = new RouterLink(new RecordingLink("a"), 1);

  @Test
  void compare_differenceLasts_isPassedOverUntilItHasNoneForAsLong() {
    router.setState(true, 2);
    assertEquals(List.of(false, false, false, true), compared(0, 4));
    assertTrue(router.isPassedOver());

    router.setState(true, 0);
    assertEquals(List.of(false, false, false, true), compared(0, 4));
    assertFalse(router.isPassedOver());
  }

  @Test
  void compare_othersFollowSoon_isNeverPassedOver() {
    router.setState(true, 2);
    compared(0, 3);
    compared(2, 1);
    compared(0, 3);

    assertFalse(router.isPassedOver());
  }

  /** What so many comparisons with the best router say. */
  private List<Boolean> compared(int fewest, int times) {
    return IntStream.range(0, times).mapToObj(i -> router.compare(fewest)).toList();
  }
}
