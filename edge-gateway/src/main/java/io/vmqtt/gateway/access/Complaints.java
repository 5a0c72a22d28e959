package io.vmqtt.gateway.access;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What is wrong with what came, for the log: once as long as it is the same, and another one after
 * a minute. Clients may find words that have one complaint, and others that have another. Safe from
 * any thread.
 */
public final class Complaints {
  private static final long BETWEEN_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int MOST_CHARACTERS = 500;

  private final LongSupplier nanoClock;
  private final Consumer<String> log;

  // Guarded by this.
  private String latest = "";
  private long latestNanos;

  /** Nothing is wrong yet. */
  public Complaints(LongSupplier nanoClock, Consumer<String> log) {
    this.nanoClock = nanoClock;
    this.log = log;
  }

  /** Something is; it stands in one line, and is cut. */
  public synchronized void add(String why) {
    long now = nanoClock.getAsLong();
    boolean mayAgain = latest.isEmpty() || now - latestNanos >= BETWEEN_NANOS;
    if (mayAgain && !why.equals(latest)) {
      latest = why;
      latestNanos = now;
      String line = why.replaceAll("\\p{Cntrl}+", " ");
      log.accept(
          line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "…");
    }
  }
}
