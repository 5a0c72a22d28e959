package io.vmqtt.cluster.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.model.Namespace;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WillOwnerTest {

  /** It is part of what others print. */
  @Test
  void toString_namesAndClaims_areNotThere() {
    WillOwner owner =
        new WillOwner(
            Namespace.of("plant"), "pump", "anna", "pump.example", Map.of("mail", "a@example"));

    assertEquals("WillOwner[]", owner.toString());
  }
}
