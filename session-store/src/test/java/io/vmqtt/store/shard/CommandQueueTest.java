package io.vmqtt.store.shard;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.store.leading.Pending;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.wire.LoggedCommands;
import io.vmqtt.testkit.time.VirtualTime;
import org.junit.jupiter.api.Test;

class CommandQueueTest {
  private static final int MANY = 100;

  private final EntryPause pause =
      new EntryPause(
          EntryPause.Kind.REPLICATED,
          new EntryPace(() -> 0, new VirtualTime().timer(Runnable::run), Runnable::run));

  private static CommandQueue queue(int maxEntryCommands, int maxPendingCommands) {
    return new CommandQueue(
        new EntryBounds(maxEntryCommands, 1 << 20, 1 << 20, 4, maxPendingCommands));
  }

  private static void add(CommandQueue queue, int commands) {
    Command command = new Command.Refuse(0x97);
    for (int i = 0; i < commands; i++) {
      queue.add(new Pending(command, LoggedCommands.of(command), null));
    }
  }

  @Test
  void isDue_nothingWaits_noMatterHowSmallEntriesAre() {
    assertFalse(queue(1, MANY).isDue(0, pause));
    assertFalse(queue(MANY, MANY).isDue(0, pause));
  }

  @Test
  void isDue_aFewWait_whenNoEntryIsUnderWayAndNoPauseIsOn() {
    CommandQueue queue = queue(10 * MANY, 10 * MANY);
    add(queue, 2);

    assertTrue(queue.isDue(0, pause));
    assertFalse(queue.isDue(1, pause));
    pause.begin(MANY);
    assertFalse(queue.isDue(0, pause));
  }

  @Test
  void isDue_nobodyWaitsForThem_whenAnotherComesAlong() {
    CommandQueue queue = queue(10 * MANY, 10 * MANY);
    Command command = new Command.Refuse(0x97);
    queue.add(new Pending(command, LoggedCommands.of(command), null, true));
    assertFalse(queue.isDue(0, pause));

    add(queue, 1);

    assertTrue(queue.isDue(0, pause));
    queue.next();
    queue.add(new Pending(command, LoggedCommands.of(command), null, true));
    assertFalse(queue.isDue(0, pause), "the one that came along has gone");
  }

  @Test
  void isDue_wellFilled_waitsForNothingButTheBound() {
    CommandQueue queue = queue(MANY, 10 * MANY);
    add(queue, MANY / 8);
    pause.begin(MANY);

    assertTrue(queue.isDue(3, pause));
    assertFalse(queue.isDue(4, pause));
  }

  /** Links are held back by now: more company will not come. */
  @Test
  void isDue_queueIsFull_doesNotPause() {
    CommandQueue queue = queue(10 * MANY, MANY);
    add(queue, MANY);
    pause.begin(MANY);

    assertTrue(queue.isDue(0, pause));
  }
}
