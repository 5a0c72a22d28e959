package io.vmqtt.gateway.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.vmqtt.gateway.sessions.KeySource.Purpose;
import io.vmqtt.model.PublishKey;
import org.junit.jupiter.api.Test;

/** The numbers of what may be sent again. */
class KeySourceTest {
  private final KeySource keys = keys("client", 7, Purpose.RETAIN);

  private static KeySource keys(String clientId, long epoch, Purpose purpose) {
    return KeySource.of(new Attachment(clientId, 1, 0, 5, epoch), purpose);
  }

  @Test
  void begin_numbersGrow_lowWaterIsTheOldestUnanswered() {
    PublishKey first = keys.key(keys.begin());
    PublishKey second = keys.key(keys.begin());
    keys.end(first.sequence());
    PublishKey third = keys.key(keys.begin());

    assertEquals(1, first.sequence());
    assertEquals(1, second.lowWater());
    assertEquals(2, third.lowWater());
    assertEquals(3, third.sequence());
    assertEquals(7, third.epoch());
  }

  /** A client that sends a publish again has it sent under the number that it had. */
  @Test
  void key_itsNumberHasEnded_lowWaterIsNoHigher() {
    long first = keys.begin();
    keys.end(first);
    assertEquals(first, keys.key(first).lowWater());

    keys.begin();

    assertEquals(first, keys.key(first).lowWater());
  }

  @Test
  void begin_otherConnectionOfTheClient_sameProducer() {
    long producer = keys.producer();

    assertEquals(producer, keys("client", 8, Purpose.RETAIN).producer());
    assertNotEquals(producer, keys("somebody", 8, Purpose.RETAIN).producer());
    assertNotEquals(producer, keys("client", 8, Purpose.ENQUEUE).producer());
  }
}
