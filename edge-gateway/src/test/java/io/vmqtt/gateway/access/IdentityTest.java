package io.vmqtt.gateway.access;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Namespace;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdentityTest {
  private static Identity of(String user) {
    return new Identity(Namespace.NAMELESS, "client", user, null, null);
  }

  private static Identity claiming(String plant) {
    return new Identity(Namespace.NAMELESS, "client", "user", null, null, Map.of("plant", plant));
  }

  @Test
  void isProvenAs_otherTimeAndRulesMadeReadyAgain_areAllOne() {
    Identity before = of("user").ready(new ReadyRules() {}).until(1);

    assertTrue(of("user").ready(new ReadyRules() {}).until(2).isProvenAs(before));
    assertFalse(of("other").until(1).isProvenAs(before));
    assertFalse(claiming("a").isProvenAs(before));
  }
}
