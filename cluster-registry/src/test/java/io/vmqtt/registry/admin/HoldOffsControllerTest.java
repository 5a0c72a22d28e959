package io.vmqtt.registry.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vmqtt.cluster.operation.HeldOffInfo;
import io.vmqtt.cluster.operation.HeldOffPage;
import java.util.List;
import org.junit.jupiter.api.Test;

class HoldOffsControllerTest {
  private static HeldOffInfo user(String name, String until) {
    return new HeldOffInfo("user", "203.0.113.7", "", name, null, until);
  }

  @Test
  void merged_whatSeveralKnow_isThereOnceAndAsLongAsAnyHasIt() {
    HeldOffPage one = new HeldOffPage(List.of(user("anna", "2026-01-01T00:00:00.500Z")), false);
    HeldOffPage other =
        new HeldOffPage(
            List.of(user("anna", "2026-01-01T00:00:00Z"), user("bob", "2026-01-01T00:00:00Z")),
            false);

    Page<HeldOffInfo> page = HoldOffsController.merged(List.of(one, other), 10, List.of());

    assertEquals(
        List.of(user("anna", "2026-01-01T00:00:00.500Z"), user("bob", "2026-01-01T00:00:00Z")),
        page.items());
    assertNull(page.next());
  }

  @Test
  void merged_oneHasMore_endsWhereItHasToldAll() {
    HeldOffPage one = new HeldOffPage(List.of(user("anna", "2026-01-01T00:00:00Z")), true);
    HeldOffPage other = new HeldOffPage(List.of(user("carl", "2026-01-01T00:00:00Z")), false);

    Page<HeldOffInfo> page = HoldOffsController.merged(List.of(one, other), 10, List.of());

    assertEquals(List.of("anna"), page.items().stream().map(HeldOffInfo::name).toList());
    assertNotNull(page.next());
  }
}
