package io.vmqtt.store.leading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.PublishKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnsettledValuesTest {
  private static final long ROUTER = 1;
  private static final long OTHER_ROUTER = 2;

  private final UnsettledValues values = new UnsettledValues();
  private final List<String> read = new ArrayList<>();

  private void readWhenSettled(String... topics) {
    values.whenSettled(Set.of(topics), () -> read.add(String.join(" ", topics)));
  }

  @Test
  void whenSettled_otherTopics_atOnce() {
    values.add(ROUTER, 1, "a", null, 0);
    readWhenSettled("b");
    assertEquals(List.of("b"), read);
  }

  @Test
  void whenSettled_severalValues_afterTheLast() {
    values.add(ROUTER, 1, "a", null, 0);
    values.add(ROUTER, 2, "a", null, 0);
    values.add(OTHER_ROUTER, 1, "b", null, 0);
    readWhenSettled("a", "b");
    values.settled(ROUTER, 1);
    values.settled(OTHER_ROUTER, 1);
    assertEquals(List.of(), read);
    values.settled(ROUTER, 2);
    assertEquals(List.of("a b"), read);
    assertEquals(0, values.size());
  }

  /** It waits for what it has seen: else a topic that changes all the time were never read. */
  @Test
  void whenSettled_newerValueOfTheTopic_notWaitedFor() {
    values.add(ROUTER, 1, "a", null, 0);
    readWhenSettled("a");
    values.add(ROUTER, 2, "a", null, 0);
    values.settled(ROUTER, 1);
    assertEquals(List.of("a"), read);
  }

  /** The first router has failed, and will never settle it. */
  @Test
  void add_theSamePublishByAnotherRouter_takesItsPlace() {
    PublishKey key = new PublishKey(7, 3, 3, 1);
    values.add(ROUTER, 1, "a", key, 0);
    readWhenSettled("a");
    values.add(OTHER_ROUTER, 5, "a", new PublishKey(7, 3, 3, 1), 10);
    assertEquals(1, values.size());
    assertEquals(List.of(), read);
    values.settled(OTHER_ROUTER, 5);
    assertEquals(List.of("a"), read);
  }

  /** Whoever subscribed since would take it for a new one. */
  @Test
  void wasSettled_publishThatCameAgain_onlyIfItsSubscribersHadIt() {
    PublishKey key = new PublishKey(7, 3, 3, 1);
    values.add(ROUTER, 1, "a", key, 0);
    assertFalse(values.wasSettled(key));
    values.tick(UnsettledValues.PATIENCE_MILLIS);
    assertFalse(values.wasSettled(key), "it was only not waited for any longer");
    values.add(ROUTER, 2, "a", key, 0);
    values.settled(ROUTER, 2);
    assertTrue(values.wasSettled(new PublishKey(7, 3, 4, 1)));
    assertFalse(values.wasSettled(new PublishKey(7, 4, 4, 1)));
  }

  @Test
  void tick_neverSettled_readableAfterAWhile() {
    values.add(ROUTER, 1, "a", null, 0);
    values.add(ROUTER, 2, "b", null, 1);
    readWhenSettled("a");
    readWhenSettled("b");
    values.tick(UnsettledValues.PATIENCE_MILLIS - 1);
    assertEquals(List.of(), read);
    values.tick(UnsettledValues.PATIENCE_MILLIS);
    assertEquals(List.of("a"), read);
  }
}
