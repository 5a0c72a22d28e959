package io.vmqtt.store.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.time.VirtualTime;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

class EntryPauseTest {
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final Duration SLOT = Duration.ofNanos(EntryPace.SLOT_NANOS);
  private static final Duration PATIENCE = Duration.ofNanos(EntryPause.PATIENCE_NANOS);
  private static final int MANY = 8;

  private final VirtualTime time = new VirtualTime();
  private final ScheduledExecutorService timer = time.timer(Runnable::run);
  private int turns;
  private final EntryPace pace =
      new EntryPace(
          time,
          timer,
          turn -> {
            turn.run();
            turns++;
          });
  private final EntryPause pause = new EntryPause(EntryPause.Kind.REPLICATED, pace);
  private final EntryPause lone = new EntryPause(EntryPause.Kind.LONE, pace);

  @Test
  void isOn_firstEntry_no() {
    assertFalse(pause.isOn(false));
    assertFalse(lone.isOn(false));
  }

  @Test
  void isOn_entryWithoutCompany_no() {
    pause.begin(MANY - 1);

    assertFalse(pause.isOn(false));
    assertEquals(0, time.waiting());
  }

  @Test
  void isOn_entryWithCompany_untilThePauseEnds() {
    pause.begin(MANY);
    time.advance(PAUSE.minusMillis(1));
    assertTrue(pause.isOn(false));

    time.advance(Duration.ofMillis(1));

    assertFalse(pause.isOn(false));
  }

  @Test
  void isOn_askedOften_oneTurnWhenItEnds() {
    pause.begin(MANY);
    assertTrue(pause.isOn(false));
    assertTrue(pause.isOn(false));

    time.advance(PAUSE);

    assertEquals(1, turns);
    assertEquals(0, time.waiting());
  }

  @Test
  void isOn_nextPause_hasATurnOfItsOwn() {
    pause.begin(MANY);
    assertTrue(pause.isOn(false));
    time.advance(PAUSE);
    pause.begin(MANY);
    assertTrue(pause.isOn(false));

    time.advance(PAUSE);

    assertEquals(2, turns);
  }

  @Test
  void isOn_nobodyWaits_untilSomebodyDoesOrPatienceEnds() {
    assertTrue(lone.isOn(true));
    time.advance(PATIENCE.minusNanos(1));
    assertTrue(lone.isOn(true));
    assertFalse(lone.isOn(false));

    time.advance(Duration.ofNanos(1));

    assertFalse(lone.isOn(true));
    assertEquals(1, turns);
  }

  @Test
  void isOn_nobodyWaitsAfterAnEntry_patienceBeginsAnew() {
    assertTrue(lone.isOn(true));
    time.advance(PATIENCE);
    lone.begin(1);

    assertTrue(lone.isOn(true));
  }

  /** A client that waits for each answer is not to wait for company that does not come. */
  @Test
  void isOn_loneButFewCommands_no() {
    for (int i = 0; i < 100; i++) {
      lone.begin(MANY / 2);
      assertFalse(lone.isOn(false));
      time.advance(SLOT);
    }
  }

  @Test
  void isOn_loneAndManyCommands_toTheEndOfTheSlotOnce() {
    makeBusy();
    time.advance(SLOT.dividedBy(4));
    assertTrue(lone.isOn(false));
    time.advance(SLOT.dividedBy(2));
    assertTrue(lone.isOn(false));

    time.advance(SLOT.dividedBy(4));

    assertFalse(lone.isOn(false));
  }

  /** One turn, and so one write to a log that they share. */
  @Test
  void isOn_shardsOfAThread_waitForTheSameTurn() {
    EntryPause other = new EntryPause(EntryPause.Kind.LONE, pace);
    makeBusy();
    time.advance(SLOT.dividedBy(4));
    assertTrue(lone.isOn(false));
    time.advance(SLOT.dividedBy(4));
    assertTrue(other.isOn(false));
    int before = turns;

    time.advance(SLOT.dividedBy(2));

    assertEquals(before + 1, turns);
    assertFalse(lone.isOn(false));
    assertFalse(other.isOn(false));
  }

  @Test
  void isOn_loneAndWaitingBringsLittle_notForAWhile() {
    makeBusy();
    for (int i = 0; i < 20; i++) {
      lone.begin(1);
      time.advance(SLOT);
    }
    assertFalse(lone.isOn(false));
    for (int i = 0; i < EntryPace.IDLE_SLOTS / 2; i++) {
      lone.begin(2 * MANY);
      time.advance(SLOT);
      assertFalse(lone.isOn(false), "it looked like that before");
    }

    makeBusy();

    assertTrue(lone.isOn(false));
  }

  @Test
  void isOn_loneAfterSilence_no() {
    makeBusy();
    time.advance(Duration.ofSeconds(1));

    assertFalse(lone.isOn(false));
  }

  private void makeBusy() {
    for (int i = 0; i < EntryPace.IDLE_SLOTS; i++) {
      lone.begin(2 * MANY);
      time.advance(SLOT);
    }
  }
}
