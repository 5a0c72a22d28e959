package io.vmqtt.testkit.history;

import java.util.ArrayList;
import java.util.List;

/**
 * What one subscriber hears of a topic whose messages are all retained, and written by one
 * publisher: from its SUBACK on, until it is told that it may miss something. Thread-safe.
 */
public final class Hearing {
  private final String subscriber;
  private final String topic;
  private final List<Heard> heard = new ArrayList<>();
  private boolean subscribed;
  private boolean ended;

  /**
   * A message that came.
   *
   * @param retained whether it came as what was retained before
   * @param again whether it came as one that may have been delivered before
   */
  record Heard(SentMessage message, boolean retained, boolean again) {}

  Hearing(String subscriber, String topic) {
    this.subscriber = subscriber;
    this.topic = topic;
  }

  /** It has its SUBACK. */
  public synchronized void subscribed() {
    subscribed = true;
  }

  /** It has received a value, or that there is none any more. */
  public synchronized void received(SentMessage message, boolean retained, boolean again) {
    heard.add(new Heard(message, retained, again));
  }

  /** Whether anything has come. */
  public synchronized boolean hasHeard() {
    return !heard.isEmpty();
  }

  /** Its connection has ended: nothing more is owed to it. */
  public synchronized void end() {
    ended = true;
  }

  String subscriber() {
    return subscriber;
  }

  String topic() {
    return topic;
  }

  /** Whether it has a right to hear of the last value. */
  synchronized boolean isOwed() {
    return subscribed && !ended;
  }

  synchronized List<Heard> heard() {
    return List.copyOf(heard);
  }
}
