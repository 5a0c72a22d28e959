package io.vmqtt.brokenhouse.cycle;

import io.vmqtt.brokenhouse.cycle.inside.Inner;

/** Uses the package below it, which uses this one. */
public record Outer(Inner inner) {
  public Outer() {
    this(new Inner());
  }
}
