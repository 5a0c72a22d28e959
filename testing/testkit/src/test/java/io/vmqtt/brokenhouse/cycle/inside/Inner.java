package io.vmqtt.brokenhouse.cycle.inside;

import io.vmqtt.brokenhouse.cycle.Outer;

public final class Inner {
  public Outer outer() {
    return new Outer(this);
  }
}
