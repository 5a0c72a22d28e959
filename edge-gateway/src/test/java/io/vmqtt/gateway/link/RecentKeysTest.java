package io.vmqtt.gateway.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.proto.message.v1.IdempotencyKey;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecentKeysTest {
  private final RecentKeys keys = new RecentKeys();

  @Test
  void isNew_firstTime_trueAndNeverAgain() {
    assertTrue(isNew(1, 5, 0));
    assertFalse(isNew(1, 5, 0));
    assertFalse(isNew(1, 5, 3));
  }

  @Test
  void isNew_outOfOrder_eachOnce() {
    assertTrue(isNew(1, 9, 0));
    assertTrue(isNew(1, 7, 0));
    assertTrue(isNew(1, 8, 0));
    assertFalse(isNew(1, 7, 0));
  }

  @Test
  void isNew_otherProducer_hasItsOwnNumbers() {
    assertTrue(isNew(1, 5, 0));
    assertTrue(isNew(2, 5, 0));
  }

  @Test
  void isNew_belowTheLowWater_false() {
    assertTrue(isNew(1, 10, 8));

    assertFalse(isNew(1, 7, 0), "nothing below 8 is ever sent again: this is late");
    assertTrue(isNew(1, 8, 8));
  }

  @Test
  void isNew_lowWaterOfAnOlderPublish_doesNotGoBack() {
    assertTrue(isNew(1, 10, 8));
    assertTrue(isNew(1, 9, 2));

    assertFalse(isNew(1, 5, 2));
  }

  @Test
  void isNew_epochs_onlyTheLatestCounts() {
    IdempotencyKey later = key(1, 5, 5).toBuilder().setEpoch(2).build();
    assertTrue(isNew(1, 5, 5));

    assertTrue(keys.isNew(later), "numbers begin anew");
    assertFalse(keys.isNew(later));
    assertFalse(isNew(1, 9, 5), "what an old connection left behind");
  }

  @Test
  void isNew_randomRepetitions_asASetWouldAnswer() {
    for (long seed = 1; seed <= 50; seed++) {
      RecentKeys tested = new RecentKeys();
      Random random = new Random(seed);
      Set<Long> naive = new HashSet<>();
      for (int i = 0; i < 500; i++) {
        long lowWater = i / 10;
        long sequence = lowWater + random.nextInt(20);
        assertEquals(
            naive.add(sequence),
            tested.isNew(key(1, sequence, lowWater)),
            "seed " + seed + ", sequence " + sequence);
      }
    }
  }

  private boolean isNew(long producer, long sequence, long lowWater) {
    return keys.isNew(key(producer, sequence, lowWater));
  }

  private static IdempotencyKey key(long producer, long sequence, long lowWater) {
    return IdempotencyKey.newBuilder()
        .setProducer(producer)
        .setSequence(sequence)
        .setLowWater(lowWater)
        .build();
  }
}
