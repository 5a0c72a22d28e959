package io.vmqtt.testkit.history;

import org.jspecify.annotations.Nullable;

/**
 * A place where a history breaks a promise.
 *
 * @param words what is wrong
 * @param message the message that it is about, if it is about one
 * @param subscriber who should have received it, or should not
 */
public record Violation(String words, @Nullable SentMessage message, @Nullable String subscriber) {

  /** One that is about no message. */
  static Violation of(String words) {
    return new Violation(words, null, null);
  }

  /** What became of a message at a subscriber. */
  static Violation at(String subscriber, String deed, SentMessage message) {
    return new Violation(subscriber + ' ' + deed + ' ' + message, message, subscriber);
  }
}
