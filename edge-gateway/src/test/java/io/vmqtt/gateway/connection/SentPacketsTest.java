package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SentPacketsTest {
  private final SentPackets sent = new SentPackets();

  @Test
  void begin_oneAfterTheOther_packetIdsFollow() {
    assertEquals(1, begin());
    assertEquals(2, begin());
    sent.end(1);

    assertEquals(3, begin());
    assertEquals(2, sent.size());
    assertNull(sent.awaited(1));
    assertEquals(NextAnswer.PUBACK, sent.awaited(2));
  }

  /** [MQTT-2.2.1-3]. */
  @Test
  void begin_asManyAsMqttAllows_eachHasItsOwn() {
    boolean[] used = new boolean[65_536];
    for (int i = 0; i < 65_535; i++) {
      int packetId = begin();
      assertTrue(packetId > 0 && !used[packetId]);
      used[packetId] = true;
    }
    sent.end(7);

    assertEquals(7, begin());
  }

  @Test
  void begin_oneIsNeverAnswered_costsOthersNothing() {
    int stuck = begin();
    for (int i = 0; i < 200_000; i++) {
      int packetId = begin();
      assertTrue(packetId != stuck);
      sent.end(packetId);
    }

    assertEquals(NextAnswer.PUBACK, sent.awaited(stuck));
    assertEquals(1, sent.size());
  }

  @Test
  void awaited_idThatWasNeverGiven_isUnknown() {
    assertNull(sent.awaited(0));
    assertNull(sent.awaited(65_535));
    begin();

    assertNull(sent.awaited(0));
    assertNull(sent.awaited(9));
  }

  @Test
  void anyOrderOfBeginAndEnd_isWhatAMapWouldKnow() {
    SplittableRandom random = new SplittableRandom(1);
    Map<Integer, NextAnswer> expected = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      if (expected.isEmpty() || random.nextInt(1000) < 502) {
        NextAnswer awaited = NextAnswer.of(random.nextInt(3));
        assertNull(expected.put(sent.begin(awaited, null), awaited));
      } else {
        int packetId = random.nextInt(1, 65_536);
        NextAnswer awaited = expected.remove(packetId);
        assertEquals(awaited, sent.awaited(packetId));
        if (awaited != null) {
          sent.end(packetId);
        }
      }
      assertEquals(expected.size(), sent.size());
    }
    for (int packetId = 0; packetId <= 65_535; packetId++) {
      assertEquals(expected.get(packetId), sent.awaited(packetId));
    }
    Set<Integer> underWay = new HashSet<>();
    sent.forEach(underWay::add);
    assertEquals(expected.keySet(), underWay);
  }

  @Test
  void kept_afterEndsAndGrowth_isInTheOrderOfSending() {
    for (int i = 0; i < 65_530; i++) { // the ids start again below
      sent.end(begin());
    }
    SharedMessage[] messages = new SharedMessage[40];
    int[] packetIds = new int[messages.length];
    for (int i = 0; i < messages.length; i++) {
      messages[i] = new SharedMessage(i, () -> {}, () -> {});
      packetIds[i] = sent.begin(NextAnswer.PUBACK, messages[i]);
      begin();
    }
    for (int i = 3; i < messages.length; i++) {
      assertSame(messages[i], sent.end(packetIds[i]));
    }

    assertEquals(List.of(messages[0], messages[1], messages[2]), sent.kept());
    sent.clear();
    assertEquals(List.of(), sent.kept());
    assertEquals(0, sent.size());
  }

  private int begin() {
    return sent.begin(NextAnswer.PUBACK, null);
  }
}
