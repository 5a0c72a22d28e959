package io.vmqtt.gateway.quota;

import io.vmqtt.model.Quotas;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The messages of a namespace in one direction: counted, and within a rate. Any thread. */
final class Flow {
  private final LongSupplier nanoClock;
  private final LongAdder messages = new LongAdder();
  private volatile @Nullable RateLimit limit;

  Flow(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** From now on so many in a second. */
  void limit(long perSecond) {
    RateLimit before = limit;
    if (perSecond == Quotas.UNLIMITED) {
      limit = null;
    } else if (before == null || before.perSecond() != perSecond) {
      limit = new RateLimit(perSecond, nanoClock);
    }
  }

  /** Whether one more is within the rate; it counts then. */
  boolean takes() {
    RateLimit bound = limit;
    if (bound != null && !bound.take()) {
      return false;
    }
    messages.increment();
    return true;
  }

  /** Whether one more would be within the rate. */
  boolean isOpen() {
    RateLimit bound = limit;
    return bound == null || bound.isOpen();
  }

  /** One more, come what may. */
  void count() {
    messages.increment();
  }

  long messages() {
    return messages.sum();
  }
}
