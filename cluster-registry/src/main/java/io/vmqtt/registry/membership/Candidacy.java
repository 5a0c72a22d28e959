package io.vmqtt.registry.membership;

import java.util.Optional;

/** A registry that stands for the lead. Questions may come from any thread. */
public abstract sealed class Candidacy permits Election, Unopposed {
  private final String self;
  private volatile boolean leading;

  Candidacy(String self) {
    this.self = self;
  }

  /** The id under which this registry stands. */
  public final String self() {
    return self;
  }

  /** Whether this registry leads. */
  public final boolean isLeading() {
    return leading;
  }

  /** The id of the registry that leads, where one does and it is known. */
  public abstract Optional<String> leader();

  /** Changes over, by one thread at a time; returns whether it was otherwise before. */
  final boolean setLeading(boolean now) {
    boolean before = leading;
    leading = now;
    return before != now;
  }
}
