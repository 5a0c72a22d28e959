package io.vmqtt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryTest {
  /** One is made for each receiver of each message. */
  @ParameterizedTest
  @EnumSource
  void of_noIdentifier_isTheSameObject(Qos qos) {
    assertSame(Delivery.of(qos, true), Delivery.of(qos, true, List.of()));
    assertSame(Delivery.of(qos, false), Delivery.byQos(false, List.of()).get(qos.value()));
  }

  @ParameterizedTest
  @EnumSource
  void byQos_identifiers_theValueLeadsToTheQos(Qos qos) {
    assertEquals(
        new Delivery(qos, true, List.of(7)), Delivery.byQos(true, List.of(7)).get(qos.value()));
  }

  /** [MQTT-3.3.4-2], [MQTT-3.3.4-3]. */
  @Test
  void merge_overlapping_highestQosAndAllIdentifiers() {
    Delivery one = Delivery.of(Qos.EXACTLY_ONCE, false, List.of(3));
    Delivery other = Delivery.of(Qos.AT_MOST_ONCE, true, List.of(9));
    Delivery plain = Delivery.of(Qos.AT_LEAST_ONCE, false);

    assertEquals(new Delivery(Qos.EXACTLY_ONCE, true, List.of(3, 9)), one.merge(other));
    assertEquals(new Delivery(Qos.AT_LEAST_ONCE, true, List.of(9)), other.merge(plain));
    assertEquals(new Delivery(Qos.EXACTLY_ONCE, false, List.of(3)), plain.merge(one));
    assertSame(plain, plain.merge(Delivery.of(Qos.AT_MOST_ONCE, false)));
  }
}
