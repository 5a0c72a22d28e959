package io.vmqtt.gateway.transport;

import org.jspecify.annotations.Nullable;

/**
 * By which stream the messages of a few topics go, so that not each has to be matched with all
 * subscriptions of its client. Each topic has one place, which its hash code says, and takes it
 * from the one that had it before: that one is matched anew when it comes again. Long topics always
 * are.
 */
final class RecentStreams {
  private static final int PLACES = 64;
  private static final int LONGEST_TOPIC = 128;

  private @Nullable String @Nullable [] topics;
  private @Nullable DataStream[] streams = {};

  /** Whether it is known of a topic; {@link #stream} then says which it is. */
  boolean knows(String topic) {
    return topics != null && topic.equals(topics[place(topic)]);
  }

  /** That of a topic of which it is known; null: the first. */
  @Nullable DataStream stream(String topic) {
    return streams[place(topic)];
  }

  void add(String topic, @Nullable DataStream stream) {
    if (topic.length() > LONGEST_TOPIC) {
      return;
    }
    if (topics == null) {
      topics = new @Nullable String[PLACES];
      streams = new @Nullable DataStream[PLACES];
    }
    topics[place(topic)] = topic;
    streams[place(topic)] = stream;
  }

  /** Nothing is known any more. */
  void clear() {
    topics = null;
    streams = new @Nullable DataStream[0];
  }

  private static int place(String topic) {
    int hash = topic.hashCode();
    hash ^= hash >>> 16;
    hash ^= hash >>> 8;
    return hash & (PLACES - 1);
  }
}
