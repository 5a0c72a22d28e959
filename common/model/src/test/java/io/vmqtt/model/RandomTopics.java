package io.vmqtt.model;

import java.util.Random;

/** Filters and topics of few, short levels, so that many of them share levels and match. */
final class RandomTopics {
  private static final String[] LEVELS = {"", "a", "b", "ab", "$a", "$", "\u6e29", "\ud83d\ude00"};
  private static final int MAX_LEVELS = 6;

  private final Random random;

  RandomTopics(Random random) {
    this.random = random;
  }

  String topic() {
    while (true) {
      String topic = levels(random.nextInt(MAX_LEVELS) + 1, 0);
      if (!topic.isEmpty()) {
        return topic;
      }
    }
  }

  String filter() {
    while (true) {
      int percent = random.nextInt(3) * 30;
      String filter = levels(random.nextInt(MAX_LEVELS) + 1, percent);
      if (random.nextInt(4) == 0) {
        filter = random.nextInt(8) == 0 ? "#" : filter + "/#";
      }
      if (!filter.isEmpty()) {
        return filter;
      }
    }
  }

  private String levels(int count, int wildcardPercent) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : "/").append(level(wildcardPercent));
    }
    return text.toString();
  }

  private String level(int wildcardPercent) {
    if (random.nextInt(100) < wildcardPercent) {
      return "+";
    }
    // The first levels are the most frequent ones, so that whole filters repeat.
    return LEVELS[Math.min(random.nextInt(LEVELS.length), random.nextInt(LEVELS.length))];
  }
}
