package io.vmqtt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "-", "_", "tenant-7_b", "az09"})
  void of_name_isTheNamespaceOfThatName(String name) {
    assertTrue(Namespace.isName(name));
    assertEquals(name, Namespace.of(name).name());
    assertEquals(new Namespace(name), Namespace.of(name));
    assertFalse(Namespace.of(name).isNameless());
  }

  @Test
  void of_longestName_isTaken_oneMore_isNot() {
    assertEquals(64, Namespace.of("x".repeat(64)).name().length());
    assertThrows(IllegalArgumentException.class, () -> Namespace.of("x".repeat(65)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "a b", "a/b", "ä", "a.b", "`", "{", "a\n", "+", "#", "$", "\u0660"})
  void of_otherCharacter_refusedNamingIt(String name) {
    assertFalse(Namespace.isName(name));
    String message =
        assertThrows(IllegalArgumentException.class, () -> Namespace.of(name)).getMessage();
    assertEquals("a namespace has 1 to 64 characters of a-z0-9-_, not '" + name + "'", message);
  }

  @Test
  void of_empty_isTheNamelessOne() {
    assertSame(Namespace.NAMELESS, Namespace.of(""));
    assertEquals(Namespace.NAMELESS, new Namespace(""));
    assertTrue(Namespace.NAMELESS.isNameless());
    assertFalse(Namespace.isName(""));
  }
}
