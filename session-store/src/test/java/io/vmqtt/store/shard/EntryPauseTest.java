package io.vmqtt.store.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.store.leading.StoreClock;
import io.vmqtt.testkit.time.VirtualTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EntryPauseTest {
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final int MANY = 8;

  private final VirtualTime time = new VirtualTime();
  private int turns;
  private final EntryPause pause =
      new EntryPause(
          PAUSE.toMillis(),
          new StoreClock(() -> 0, () -> TimeUnit.NANOSECONDS.toMillis(time.getAsLong())),
          time.timer(Runnable::run),
          turn -> {
            turn.run();
            turns++;
          });

  @Test
  void isOn_firstEntry_no() {
    assertFalse(pause.isOn());
  }

  @Test
  void isOn_entryWithoutCompany_no() {
    pause.begin(MANY - 1);

    assertFalse(pause.isOn());
    assertEquals(0, time.waiting());
  }

  @Test
  void isOn_entryWithCompany_untilThePauseEnds() {
    pause.begin(MANY);
    time.advance(PAUSE.minusMillis(1));
    assertTrue(pause.isOn());

    time.advance(Duration.ofMillis(1));

    assertFalse(pause.isOn());
  }

  @Test
  void isOn_askedOften_oneTurnWhenItEnds() {
    pause.begin(MANY);
    assertTrue(pause.isOn());
    assertTrue(pause.isOn());

    time.advance(PAUSE);

    assertEquals(1, turns);
    assertEquals(0, time.waiting());
  }

  @Test
  void isOn_nextPause_hasATurnOfItsOwn() {
    pause.begin(MANY);
    assertTrue(pause.isOn());
    time.advance(PAUSE);
    pause.begin(MANY);
    assertTrue(pause.isOn());

    time.advance(PAUSE);

    assertEquals(2, turns);
  }
}
