package io.vmqtt.cluster.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a process that is not ready any more ends. */
class HealthPolicyTest {
  private final HealthPolicy policy = new HealthPolicy(true, 3, Duration.ofSeconds(2), 77);

  private @Nullable StartException look(boolean isReady, int second) {
    return policy.look(isReady, Duration.ofSeconds(second).toNanos());
  }

  @Test
  void look_notReadyYet_waitsForEver() {
    for (int second = 0; second < 1_000; second++) {
      assertNull(look(false, second));
    }
  }

  @Test
  void look_notReadyAnyMore_endsAfterSoManyLooksInARow() {
    assertNull(look(true, 0));
    assertNull(look(false, 2));
    assertNull(look(false, 3), "no look yet");
    assertNull(look(false, 4));
    assertNull(look(true, 6), "ready again: it begins anew");
    assertNull(look(false, 8));
    assertNull(look(false, 10));
    StartException end = look(false, 12);
    assertNotNull(end);
    assertEquals(77, end.exitCode());
    assertTrue(String.valueOf(end.getMessage()).contains("3 looks"), end.getMessage());
  }

  @Test
  void look_withoutTheOption_neverEnds() {
    HealthPolicy off = new HealthPolicy(false, 1, Duration.ofSeconds(1), 3);
    assertNull(off.look(true, 0));
    assertNull(off.look(false, Duration.ofDays(1).toNanos()));
  }

  @Test
  void awaitClosed_processThatWasReady_endsWithItsCode() throws Exception {
    try (RoleProcess process =
        RoleProcess.start(
            "test",
            List.of(),
            Map.of(
                "test.node-id",
                "gw-1",
                "test.ready-times",
                "2",
                "vmqtt.exit-on-unavailable",
                "true",
                "vmqtt.exit-on-unavailable-count",
                "2",
                "vmqtt.exit-on-unavailable-interval",
                "500ms",
                "vmqtt.exit-on-unavailable-code",
                "42",
                RoleProcess.HTTP_PORT,
                "0"))) {
      StartException end = assertThrows(StartException.class, process::awaitClosed);
      assertEquals(42, end.exitCode());
      assertTrue(process.awaitClosed(Duration.ZERO));
    }
  }
}
