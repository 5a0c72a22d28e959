package io.vmqtt.store.shard;

import io.vmqtt.store.leading.StoreClock;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Lets commands gather: after an entry that had company the next one waits a while for its own.
 * Each entry costs every replica a write to disk and a dozen hand-overs between threads, whatever
 * it holds, and without pauses a shard writes as many as the processors can bear. A lone client
 * does not notice. Used on the shard's thread.
 */
public final class EntryPause {
  /** So many commands are company. */
  private static final int COMPANY = 8;

  private final long millis;
  private final StoreClock clock;
  private final ScheduledExecutorService timer;
  private final Executor thread;
  private long endsAtMillis;
  private long wakesAtMillis;

  /**
   * @param millis how long the pause is; 0: there is none
   * @param timer ends the pause, by a turn of the shard's thread
   */
  public EntryPause(
      long millis, StoreClock clock, ScheduledExecutorService timer, Executor thread) {
    this.millis = millis;
    this.clock = clock;
    this.timer = timer;
    this.thread = thread;
    this.endsAtMillis = clock.uptimeMillis();
    this.wakesAtMillis = endsAtMillis;
  }

  /** An entry with so many commands goes into the log. */
  void begin(int commands) {
    endsAtMillis = clock.uptimeMillis() + (commands < COMPANY ? 0 : millis);
  }

  /** Whether the next entry should wait. If so, the shard's thread has a turn when it need not. */
  boolean isOn() {
    long leftMillis = endsAtMillis - clock.uptimeMillis();
    if (leftMillis > 0 && wakesAtMillis != endsAtMillis) {
      wakesAtMillis = endsAtMillis;
      var _ = timer.schedule(() -> thread.execute(() -> {}), leftMillis, TimeUnit.MILLISECONDS);
    }
    return leftMillis > 0;
  }
}
