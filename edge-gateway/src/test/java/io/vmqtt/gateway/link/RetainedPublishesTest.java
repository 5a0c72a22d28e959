package io.vmqtt.gateway.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.vmqtt.gateway.connection.Cluster.PublishKey;
import org.junit.jupiter.api.Test;

/** The numbers of what a client retains. */
class RetainedPublishesTest {
  private final RetainedPublishes publishes = new RetainedPublishes("client", 7);

  @Test
  void begin_numbersGrow_lowWaterIsTheOldestUnanswered() {
    PublishKey first = publishes.begin();
    PublishKey second = publishes.begin();
    publishes.end(first.sequence());
    PublishKey third = publishes.begin();

    assertEquals(1, first.sequence());
    assertEquals(1, second.lowWater());
    assertEquals(2, third.lowWater());
    assertEquals(3, third.sequence());
    assertEquals(7, third.epoch());
  }

  @Test
  void begin_otherConnectionOfTheClient_sameProducer() {
    PublishKey elsewhere = new RetainedPublishes("client", 8).begin();
    PublishKey somebody = new RetainedPublishes("somebody", 8).begin();

    assertEquals(publishes.begin().producer(), elsewhere.producer());
    assertNotEquals(somebody.producer(), elsewhere.producer());
  }
}
