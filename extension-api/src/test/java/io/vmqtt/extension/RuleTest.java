package io.vmqtt.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuleTest {

  @Test
  void of_noActionOrNoTopic_cannotBe() {
    assertThrows(IllegalArgumentException.class, () -> Rule.deny());
    assertThrows(IllegalArgumentException.class, () -> new Rule(true, Set.of(), List.of("a")));
    assertEquals(
        new Rule(true, Set.of(Rule.Action.PUBLISH), List.of("a", "b")),
        Rule.allowPublish("a", "b"));
  }

  /** It is what an extension would write into a log. */
  @Test
  void toString_newcomer_hasNoPassword() {
    Newcomer anna =
        new Newcomer("", "c", "anna", "secret".getBytes(StandardCharsets.UTF_8), null, null);

    assertFalse(anna.toString().contains("password"), anna::toString);
  }
}
