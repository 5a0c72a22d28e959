package io.vmqtt.store.shard;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What the entries of all shards of a thread have in common: how many commands they take, and when
 * those begin that gather. Time is cut into slots; whoever gathers waits for the end of the slot,
 * so that the shards of a thread go into their logs together, by one turn, and a log that they
 * share writes them at once. Used on that thread.
 *
 * <p>Whether it pays is found out, not set: a slot in which enough comes makes the thread busy, and
 * one that is busy but has little in its slots stops waiting for a while. Few clients that each
 * wait for an answer before they go on look like many as long as they are not made to wait.
 */
public final class EntryPace {
  /** Half of what a client may notice is the log, this is a part of the other half. */
  static final long SLOT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** So many commands in a slot, of all shards of the thread, are worth waiting for. */
  static final int BUSY_COMMANDS = 8;

  /** And with fewer than so many nobody waits. */
  static final int IDLE_COMMANDS = 4;

  /** So many slots pass before it is tried again. */
  static final int IDLE_SLOTS = 50;

  /** How much one slot says of the next. */
  private static final double WEIGHT = 0.25;

  /** After so many slots without a command nothing is left of what was before. */
  private static final int FORGOTTEN_SLOTS = 32;

  private final LongSupplier nanos;
  private final ScheduledExecutorService timer;
  private final Executor thread;
  private long slot;
  private int commandsInSlot;
  private double commandsPerSlot;
  private boolean busy;
  private long idleUntilSlot;
  private boolean hasWake;
  private long wakeNanos;

  /**
   * @param nanos a clock that only grows
   * @param timer gives the thread a turn
   * @param thread that of the shards
   */
  public EntryPace(LongSupplier nanos, ScheduledExecutorService timer, Executor thread) {
    this.nanos = nanos;
    this.timer = timer;
    this.thread = thread;
    this.slot = slotOf(nanos.getAsLong());
    this.idleUntilSlot = slot;
  }

  private static long slotOf(long nanos) {
    return Math.floorDiv(nanos, SLOT_NANOS);
  }

  long now() {
    return nanos.getAsLong();
  }

  /** An entry with so many commands goes into a log. */
  void began(int commands) {
    look(now());
    commandsInSlot += commands;
  }

  /** Whether it pays to wait for more. */
  boolean isBusy(long now) {
    look(now);
    return busy;
  }

  /** When the slot of that time ends. */
  static long endOfSlot(long now) {
    return (slotOf(now) + 1) * SLOT_NANOS;
  }

  private void look(long now) {
    long current = slotOf(now);
    if (current - slot > FORGOTTEN_SLOTS) {
      commandsInSlot = 0;
      commandsPerSlot = 0;
      slot = current;
    }
    while (slot < current) {
      commandsPerSlot += WEIGHT * (commandsInSlot - commandsPerSlot);
      commandsInSlot = 0;
      slot++;
    }
    if (busy && commandsPerSlot < IDLE_COMMANDS) {
      busy = false;
      idleUntilSlot = slot + IDLE_SLOTS;
    } else if (!busy && commandsPerSlot >= BUSY_COMMANDS && slot >= idleUntilSlot) {
      busy = true;
    }
  }

  /** The thread has a turn at that time, or has one before it and is to ask again. */
  void wakeAt(long atNanos) {
    if (hasWake && wakeNanos - atNanos <= 0) {
      return;
    }
    hasWake = true;
    wakeNanos = atNanos;
    var _ =
        timer.schedule(
            () -> thread.execute(() -> woken(atNanos)), atNanos - now(), TimeUnit.NANOSECONDS);
  }

  private void woken(long atNanos) {
    if (wakeNanos == atNanos) {
      hasWake = false;
    }
  }
}
