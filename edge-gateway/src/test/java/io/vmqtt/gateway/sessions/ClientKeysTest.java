package io.vmqtt.gateway.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.vmqtt.gateway.connection.Cluster.PublishKey;
import io.vmqtt.gateway.sessions.ClientKeys.Purpose;
import org.junit.jupiter.api.Test;

/** The numbers of what is done in the name of a client. */
class ClientKeysTest {
  private final ClientKeys keys = keys("client", 7, Purpose.RETAIN);

  private static ClientKeys keys(String clientId, long epoch, Purpose purpose) {
    return new ClientKeys(new Attachment(clientId, 1, 0, 5, epoch), purpose);
  }

  @Test
  void begin_numbersGrow_lowWaterIsTheOldestUnanswered() {
    PublishKey first = keys.begin();
    PublishKey second = keys.begin();
    keys.end(first);
    PublishKey third = keys.begin();

    assertEquals(1, first.sequence());
    assertEquals(1, second.lowWater());
    assertEquals(2, third.lowWater());
    assertEquals(3, third.sequence());
    assertEquals(7, third.epoch());
  }

  @Test
  void begin_otherConnectionOfTheClient_sameProducer() {
    long producer = keys.begin().producer();

    assertEquals(producer, keys("client", 8, Purpose.RETAIN).begin().producer());
    assertNotEquals(producer, keys("somebody", 8, Purpose.RETAIN).begin().producer());
    assertNotEquals(producer, keys("client", 8, Purpose.ENQUEUE).begin().producer());
  }
}
