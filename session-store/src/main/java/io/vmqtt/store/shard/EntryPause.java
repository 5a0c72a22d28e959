package io.vmqtt.store.shard;

import java.util.concurrent.TimeUnit;

/**
 * Lets the commands of a shard gather. Each entry costs a write to disk and hand-overs between
 * threads, of every replica, whatever it holds; without pauses a shard writes as many as the
 * processors can bear. A lone client does not notice. Used on the shard's thread.
 */
public final class EntryPause {
  /** So many commands in an entry are company. */
  private static final int COMPANY = 8;

  /** About the time that an entry takes to reach a majority's disks. */
  private static final long REPLICATED_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** So long commands that nobody waits for wait for others. */
  static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Who waits, and for how long. */
  public enum Kind {
    /** Of several replicas: after an entry that had company the next one waits for its own. */
    REPLICATED,
    /** Of one: to the end of a slot of its {@link EntryPace}, while its thread is busy. */
    LONE
  }

  private final Kind kind;
  private final EntryPace pace;
  private boolean gathers;
  private long gathersUntil;
  private boolean patient;
  private long patientUntil;

  /**
   * @param pace that of the shard's thread
   */
  public EntryPause(Kind kind, EntryPace pace) {
    this.kind = kind;
    this.pace = pace;
  }

  /** An entry with so many commands goes into the log. */
  void begin(int commands) {
    pace.began(commands);
    patient = false;
    gathers = kind == Kind.REPLICATED && commands >= COMPANY;
    if (gathers) {
      gathersUntil = pace.now() + REPLICATED_NANOS;
    }
  }

  /**
   * Whether the next entry should wait. If so, the shard's thread has a turn when it need not.
   *
   * @param canWait whether nobody waits for any of its commands
   */
  boolean isOn(boolean canWait) {
    long now = pace.now();
    if (kind == Kind.LONE && !gathers && !canWait && pace.isBusy(now)) {
      gathers = true;
      gathersUntil = EntryPace.endOfSlot(now);
    }
    long until = gathers ? gathersUntil : now;
    if (canWait) {
      if (!patient) {
        patient = true;
        patientUntil = now + PATIENCE_NANOS;
      }
      until = until - patientUntil > 0 ? until : patientUntil;
    }
    boolean waits = until - now > 0;
    if (waits) {
      pace.wakeAt(until);
    }
    return waits;
  }
}
