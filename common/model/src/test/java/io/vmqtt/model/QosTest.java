package io.vmqtt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QosTest {
  @ParameterizedTest
  @CsvSource({"0,AT_MOST_ONCE", "1,AT_LEAST_ONCE", "2,EXACTLY_ONCE"})
  void of_valueOfTheSpecification_isThatQos(int value, Qos qos) {
    assertEquals(qos, Qos.of(value));
    assertEquals(value, qos.value());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 3, 4, 255})
  void of_otherValue_throwsNamingIt(int value) {
    String message = assertThrows(IllegalArgumentException.class, () -> Qos.of(value)).toString();
    assertTrue(message.endsWith(" " + value), message);
  }

  @Test
  void min_anyPair_isTheLowerValue() {
    for (Qos a : Qos.values()) {
      for (Qos b : Qos.values()) {
        assertEquals(Math.min(a.value(), b.value()), a.min(b).value());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(RetainHandling.class)
  void retainHandlingOf_ownValue_isTheSame(RetainHandling handling) {
    assertEquals(handling, RetainHandling.of(handling.value()));
  }

  @Test
  void retainHandlingOf_reservedValue_throwsNamingIt() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> RetainHandling.of(3)).toString();
    assertTrue(message.endsWith(" 3"), message);
  }
}
