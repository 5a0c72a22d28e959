package io.vmqtt.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.bans.HeldOff;
import io.vmqtt.cluster.bans.HoldOff;
import io.vmqtt.cluster.bans.Network;
import io.vmqtt.cluster.bans.Suspect;
import io.vmqtt.cluster.operation.HeldOffInfo;
import io.vmqtt.cluster.operation.HeldOffPage;
import io.vmqtt.cluster.operation.HeldOffQuery;
import io.vmqtt.gateway.access.bans.HoldOffTerms;
import io.vmqtt.gateway.access.bans.HoldOffs;
import io.vmqtt.model.Namespace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HoldOffListTest {
  private static final Network THERE = Network.of("203.0.113.7");
  private final HoldOffs holdOffs =
      new HoldOffs(HoldOffTerms.NEVER, () -> Instant.ofEpochSecond(1_000), () -> 0);
  private final HoldOffList list = new HoldOffList(holdOffs);

  private static Suspect user(String name) {
    return new Suspect(Suspect.Kind.USER, THERE, Namespace.of("plant"), name);
  }

  @Test
  void page_ofThoseWhomTheClusterKnows_hasThoseAloneWhoAreHeldOffNow() {
    holdOffs.follow(
        new HeldOff(
            1,
            Map.of(
                Suspect.address(THERE), new HoldOff(0, 1_060_500),
                user("anna"), new HoldOff(900_000, 1_060_000),
                user("bob"), new HoldOff(900_000, 1_060_000),
                user("carl"), new HoldOff(900_000, 1_000_000))));

    HeldOffPage first = list.page(new HeldOffQuery(null, 2)).join();
    HeldOffPage rest = list.page(new HeldOffQuery(first.heldOff().getLast().who(), 2)).join();

    assertEquals(
        List.of(
            new HeldOffInfo("address", "203.0.113.7", "", "", null, "1970-01-01T00:17:40.500Z"),
            new HeldOffInfo(
                "user",
                "203.0.113.7",
                "plant",
                "anna",
                "1970-01-01T00:15:00Z",
                "1970-01-01T00:17:40Z")),
        first.heldOff());
    assertTrue(first.more());
    assertEquals(List.of("bob"), rest.heldOff().stream().map(HeldOffInfo::name).toList());
    assertFalse(rest.more());
  }
}
