package io.vmqtt.cluster.access;

import java.util.Locale;

/** What a rule says of what it is about. */
public enum Effect {
  ALLOW,
  DENY;

  /** As operators write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What operators write so.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Effect of(String label) {
    for (Effect one : values()) {
      if (one.label().equals(label)) {
        return one;
      }
    }
    throw new IllegalArgumentException("neither allow nor deny, but '" + label + "'");
  }
}
