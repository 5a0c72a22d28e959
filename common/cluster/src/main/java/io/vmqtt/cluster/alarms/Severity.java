package io.vmqtt.cluster.alarms;

import java.util.Locale;

/** How bad it is; the worst last. */
public enum Severity {
  /** It will be worse if nobody does anything. */
  WARNING,
  /** Clients notice, or will soon. */
  CRITICAL;

  /** As people and JSON have it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one with that label; where a later version has more of them, the worst. */
  public static Severity of(String label) {
    for (Severity severity : values()) {
      if (severity.label().equals(label)) {
        return severity;
      }
    }
    return CRITICAL;
  }
}
