package io.vmqtt.registry.membership;

import java.util.Optional;

/** Who leads. Questions may come from any thread. */
public abstract sealed class Leadership permits Election, Unopposed {
  private final String self;
  private volatile boolean leading;

  Leadership(String self) {
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
