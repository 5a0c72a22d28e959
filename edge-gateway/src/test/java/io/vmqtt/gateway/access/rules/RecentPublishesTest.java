package io.vmqtt.gateway.access.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vmqtt.model.Qos;
import org.junit.jupiter.api.Test;

class RecentPublishesTest {
  private final RecentPublishes recent = new RecentPublishes();

  @Test
  void find_eachQosAndFlag_isKnownForItself() {
    recent.add("t", Qos.AT_MOST_ONCE, false, true);
    recent.add("t", Qos.EXACTLY_ONCE, true, false);

    assertEquals(true, recent.find("t", Qos.AT_MOST_ONCE, false));
    assertEquals(false, recent.find("t", Qos.EXACTLY_ONCE, true));
    assertNull(recent.find("t", Qos.AT_MOST_ONCE, true));
    assertNull(recent.find("t", Qos.AT_LEAST_ONCE, false));
    assertNull(recent.find("other", Qos.AT_MOST_ONCE, false));
  }

  /** "Aa" and "BB" have the same hash code. */
  @Test
  void add_topicOfTheSamePlace_takesIt() {
    recent.add("Aa", Qos.AT_MOST_ONCE, false, true);
    recent.add("BB", Qos.AT_MOST_ONCE, true, false);

    assertNull(recent.find("Aa", Qos.AT_MOST_ONCE, false));
    assertNull(recent.find("BB", Qos.AT_MOST_ONCE, false), "what was known of the other");
    assertEquals(false, recent.find("BB", Qos.AT_MOST_ONCE, true));
  }

  @Test
  void add_moreTopicsThanItHasPlaces_remembersNoMore() {
    int known = 0;
    for (int i = 0; i < 1_000; i++) {
      recent.add("topic-" + i, Qos.AT_MOST_ONCE, false, true);
    }
    for (int i = 0; i < 1_000; i++) {
      known += recent.find("topic-" + i, Qos.AT_MOST_ONCE, false) == null ? 0 : 1;
    }

    assertEquals(16, known);
  }

  @Test
  void add_longTopic_isNotKept() {
    String topic = "t".repeat(129);

    recent.add(topic, Qos.AT_MOST_ONCE, false, true);

    assertNull(recent.find(topic, Qos.AT_MOST_ONCE, false));
  }
}
