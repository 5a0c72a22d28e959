package io.vmqtt.cluster.operators;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How much an operator may do; each may what those before it may. */
public enum OperatorRole {
  /** Looks at everything but what messages say. */
  VIEWER,
  /** Reads messages, publishes, disconnects clients, ends sessions. */
  OPERATOR,
  /** Everything: moves leadership, changes what holds for the cluster. */
  ADMIN;

  /** What people call it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one that people call that. */
  public static Optional<OperatorRole> named(String label) {
    return Stream.of(values()).filter(role -> role.label().equals(label)).findFirst();
  }

  /** Whether that role may do what this one may. */
  public boolean isWithin(OperatorRole other) {
    return compareTo(other) <= 0;
  }
}
