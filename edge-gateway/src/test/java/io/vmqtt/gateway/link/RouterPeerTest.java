package io.vmqtt.gateway.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.clusterkit.RecordingLink;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouterPeerTest {
  private final RecordingLink<GatewayFrame> link = new RecordingLink<>("a");
  private final RouterPeer router = new RouterPeer(link, 1);

  /** A lane that changes over from another router has all its publishes to send at once. */
  @Test
  void add_muchInOneRun_leavesInSeveralParts() {
    for (int i = 0; i < 5; i++) {
      router.add(0, GatewayFrame.getDefaultInstance(), 100 << 10);
    }
    router.flush(0);

    assertEquals(List.of(200 << 10, 200 << 10, 100 << 10), link.bytes);
  }

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
