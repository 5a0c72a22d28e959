package io.vmqtt.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.bans.Network;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.access.bans.HoldOffTerms;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HoldOffOptionsTest {

  private static HoldOffTerms terms(Map<Option<?>, String> set) {
    return HoldOffOptions.terms(OptionValues.of(set));
  }

  @Test
  void terms_nothingSet_holdOffGuessersButNobodyOfThisMachine() {
    assertEquals(
        new HoldOffTerms(
            Duration.ofMinutes(5),
            Duration.ofMinutes(1),
            10,
            100,
            0,
            List.of(Network.of("127.0.0.0/8"), Network.of("::1"))),
        terms(Map.of()));
  }

  @Test
  void terms_everythingSet_areWhatIsSet() {
    assertEquals(
        new HoldOffTerms(
            Duration.ZERO, Duration.ofSeconds(2), 1, 2, 3, List.of(Network.of("10.0.0.0/8"))),
        terms(
            Map.of(
                HoldOffOptions.HOLD_OFF, "0s",
                HoldOffOptions.WINDOW, "2s",
                HoldOffOptions.USER_FAILURES, "1",
                HoldOffOptions.ADDRESS_FAILURES, "2",
                HoldOffOptions.CLIENT_CONNECTS, "3",
                HoldOffOptions.EXCEPT, "10.0.0.0/8")));
  }

  @Test
  void terms_whatIsNoNetwork_saysSo() {
    OptionException refused =
        assertThrows(
            OptionException.class, () -> terms(Map.of(HoldOffOptions.EXCEPT, "10.0.0.1/8")));

    assertEquals(
        "vmqtt.gateway.hold-off-except: 10.0.0.1/8 begins with 10.0.0.0", refused.getMessage());
  }

  @Test
  void all_areAmongTheOptionsOfAGateway() {
    assertTrue(GatewayOptions.all().containsAll(HoldOffOptions.all()));
  }
}
