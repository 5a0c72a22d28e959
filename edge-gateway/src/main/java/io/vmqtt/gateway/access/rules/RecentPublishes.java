package io.vmqtt.gateway.access.rules;

import io.vmqtt.model.Qos;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about the publishes of one client, for a few topics. Each has one place, which
 * its hash code says, and takes it from the one that had it before: that one is judged anew when it
 * comes again. Long topics are always judged anew.
 */
final class RecentPublishes {
  private static final int PLACES = 16;
  private static final int LONGEST_TOPIC = 128;
  private static final @Nullable String[] NOTHING = {};

  // Each kind of publish has two bits.
  private static final int KNOWN = 1;
  private static final int ALLOWED = 2;

  private @Nullable String[] topics = NOTHING;
  private short[] answers = {};

  /** Whether it is allowed; null: not known. */
  @Nullable Boolean find(String topic, Qos qos, boolean retain) {
    if (topics.length == 0) {
      return null;
    }
    int place = place(topic);
    if (!topic.equals(topics[place])) {
      return null;
    }
    int answer = answers[place] >> kind(qos, retain);
    return (answer & KNOWN) == 0 ? null : (Boolean) ((answer & ALLOWED) != 0);
  }

  void add(String topic, Qos qos, boolean retain, boolean allowed) {
    if (topic.length() > LONGEST_TOPIC) {
      return;
    }
    if (topics.length == 0) {
      topics = new @Nullable String[PLACES];
      answers = new short[PLACES];
    }
    int place = place(topic);
    if (!topic.equals(topics[place])) {
      topics[place] = topic;
      answers[place] = 0;
    }
    int answer = allowed ? KNOWN | ALLOWED : KNOWN;
    answers[place] |= (short) (answer << kind(qos, retain));
  }

  private static int place(String topic) {
    int hash = topic.hashCode();
    hash ^= hash >>> 16;
    hash ^= hash >>> 8;
    return hash & (PLACES - 1);
  }

  /** Where its bits begin. */
  private static int kind(Qos qos, boolean retain) {
    return qos.value() * 4 + (retain ? 2 : 0);
  }
}
