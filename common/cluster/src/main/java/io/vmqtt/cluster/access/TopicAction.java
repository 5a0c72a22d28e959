package io.vmqtt.cluster.access;

import java.util.Locale;

/** What a client can do with a topic. A will is a publish. */
public enum TopicAction {
  PUBLISH,
  SUBSCRIBE;

  /** As operators write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What operators write so.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static TopicAction of(String label) {
    for (TopicAction one : values()) {
      if (one.label().equals(label)) {
        return one;
      }
    }
    throw new IllegalArgumentException("neither publish nor subscribe, but '" + label + "'");
  }
}
