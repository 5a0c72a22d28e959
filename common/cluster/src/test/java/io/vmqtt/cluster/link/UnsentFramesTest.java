package io.vmqtt.cluster.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnsentFramesTest {
  private final UnsentFrames<String> unsent = new UnsentFrames<>(100, 3);

  @Test
  void poll_nothingAdded_nothing() {
    assertTrue(unsent.isEmpty());
    assertFalse(unsent.hasFullBatch());
    assertNull(unsent.poll());
  }

  @Test
  void poll_fewSmallFrames_oneBatchInOrder() {
    unsent.add(List.of("a"), 10);
    unsent.add(List.of("b"), 20);

    assertFalse(unsent.hasFullBatch());
    assertEquals(30, unsent.bytes());
    UnsentFrames.Segment<String> batch = poll();
    assertEquals(List.of("a", "b"), batch.frames);
    assertEquals(30, batch.bytes);
    assertEquals(0, unsent.bytes());
    assertTrue(unsent.isEmpty());
  }

  @Test
  void hasFullBatch_asManyFramesAsMayBe_true() {
    unsent.add(List.of("a"), 1);
    unsent.add(List.of("b"), 1);
    assertFalse(unsent.hasFullBatch());

    unsent.add(List.of("c"), 1);

    assertTrue(unsent.hasFullBatch());
  }

  @Test
  void hasFullBatch_asManyBytesAsMayBe_true() {
    unsent.add(List.of("a"), 99);
    assertFalse(unsent.hasFullBatch());

    unsent.add(List.of("b"), 1);

    assertTrue(unsent.hasFullBatch());
    assertEquals(List.of("a", "b"), poll().frames);
  }

  @Test
  void add_frameThatNoLongerFits_beginsTheNextBatch() {
    unsent.add(List.of("a"), 60);
    unsent.add(List.of("b"), 60);

    assertTrue(unsent.hasFullBatch(), "nothing can join the first one any more");
    assertEquals(List.of("a"), poll().frames);
    assertFalse(unsent.hasFullBatch());
    assertEquals(List.of("b"), poll().frames);
  }

  @Test
  void add_frameLargerThanABatch_goesAlone() {
    unsent.add(List.of("small"), 1);
    unsent.add(List.of("huge"), 5000);
    unsent.add(List.of("next"), 1);

    assertEquals(List.of("small"), poll().frames);
    assertEquals(List.of("huge"), poll().frames);
    assertEquals(List.of("next"), poll().frames);
  }

  @Test
  void add_severalAtOnce_stayTogether() {
    unsent.add(List.of("a", "b", "c", "d", "e"), 5);
    unsent.add(List.of("f"), 1);

    assertEquals(List.of("a", "b", "c", "d", "e"), poll().frames);
    assertEquals(List.of("f"), poll().frames);
  }

  @Test
  void poll_manyFrames_allOfThemInOrder() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      expected.add("frame " + i);
      unsent.add(List.of("frame " + i), 1 + i % 70);
    }

    List<String> polled = new ArrayList<>();
    while (!unsent.isEmpty()) {
      UnsentFrames.Segment<String> batch = poll();
      assertTrue(batch.frames.size() <= 3 && batch.bytes <= 100, "a batch keeps the bounds");
      polled.addAll(batch.frames);
    }

    assertEquals(expected, polled);
    assertEquals(0, unsent.bytes());
  }

  private UnsentFrames.Segment<String> poll() {
    UnsentFrames.Segment<String> batch = unsent.poll();
    assertNotNull(batch);
    return batch;
  }
}
