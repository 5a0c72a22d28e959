package io.vmqtt.model;

/** How the replicas of what a namespace stores agree. There is one way so far. */
public enum Consistency {
  /** A majority has what is answered, and whoever reads sees what was answered before. */
  STRONG("strong");

  private final String label;

  Consistency(String label) {
    this.label = label;
  }

  /** What operators call it. */
  public String label() {
    return label;
  }

  /**
   * The one that is called so.
   *
   * @throws IllegalArgumentException if none is
   */
  public static Consistency of(String label) {
    for (Consistency consistency : values()) {
      if (consistency.label.equals(label)) {
        return consistency;
      }
    }
    throw new IllegalArgumentException(
        "there is no consistency '" + label + "', only '" + STRONG.label + "'");
  }
}
