package io.vmqtt.store.leading;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The two times of a store: that of the day, which means the same on every replica and may jump
 * when somebody sets the machine's clock, and one that only grows, for waiting.
 *
 * @param wall milliseconds since 1970
 * @param uptime milliseconds since whenever
 */
public record StoreClock(LongSupplier wall, LongSupplier uptime) {

  /** The clocks of this machine. */
  public static final StoreClock SYSTEM =
      new StoreClock(
          System::currentTimeMillis, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));

  public long wallMillis() {
    return wall.getAsLong();
  }

  public long uptimeMillis() {
    return uptime.getAsLong();
  }
}
