package io.vmqtt.model;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RecentTopicsTest {
  private final RecentTopics recent = new RecentTopics(2);

  @Test
  void hasHadSince_beforeAndAfterTheMark_onlyAfter() {
    recent.add("a");
    long mark = recent.mark();
    recent.add("b");
    assertFalse(recent.hasHadSince(mark, "a"));
    assertTrue(recent.hasHadSince(mark, "b"));
    recent.add("a");
    assertTrue(recent.hasHadSince(mark, "a"));
    assertFalse(recent.hasHadSince(mark, "c"));
  }

  @Test
  void remembers_moreTopicsThanItHolds_notWhatCameBefore() {
    long first = recent.mark();
    recent.add("a");
    long second = recent.mark();
    recent.add("b");
    assertTrue(recent.remembers(first));
    recent.add("c");
    assertFalse(recent.remembers(first), "a is forgotten");
    assertTrue(recent.remembers(second));
  }

  @Test
  void remembers_oneTopicAgainAndAgain_everything() {
    long mark = recent.mark();
    for (int i = 0; i < 10; i++) {
      recent.add("a");
    }
    assertTrue(recent.remembers(mark));
    assertTrue(recent.hasHadSince(mark, "a"));
  }
}
