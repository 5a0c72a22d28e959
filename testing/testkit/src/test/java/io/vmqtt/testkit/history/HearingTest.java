package io.vmqtt.testkit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the invariants about retained and live messages make of what a subscriber hears. */
class HearingTest {
  private static final String TOPIC = "state";

  private final History history = new History();
  private final Hearing hearing = history.hearing("sub", TOPIC);

  private static SentMessage message(long sequence) {
    return new SentMessage("pub", TOPIC, 1, sequence);
  }

  private void heard(boolean retained, long... sequences) {
    for (long sequence : sequences) {
      hearing.received(message(sequence), retained, false);
    }
  }

  private List<String> words(Invariant invariant) {
    return invariant.violations(history).stream().map(Violation::words).toList();
  }

  @Test
  void retainedNeverGoesBack_retainedThenLiveAndOneAgain_holds() {
    heard(true, 3);
    heard(false, 3, 4, 5, 4);
    assertEquals(List.of(), words(new RetainedNeverGoesBack()));
  }

  @Test
  void retainedNeverGoesBack_retainedAfterANewerLiveOne_isBroken() {
    heard(false, 4);
    heard(true, 3);
    assertEquals(
        List.of("sub heard 4 and then as retained " + message(3)),
        words(new RetainedNeverGoesBack()));
  }

  /** A persistent session without an acknowledgement for it gets its retained message again. */
  @Test
  void retainedNeverGoesBack_deliveryOfARetainedOneIsRepeated_holdsIfItHadCome() {
    heard(true, 3);
    heard(false, 4);
    hearing.received(message(3), true, true);
    assertEquals(List.of(), words(new RetainedNeverGoesBack()));
    hearing.received(message(2), true, true);
    assertEquals(
        List.of("sub heard 4 and then as retained " + message(2)),
        words(new RetainedNeverGoesBack()));
  }

  @Test
  void retainedNeverGoesBack_olderLiveOneForTheFirstTime_isBroken() {
    heard(true, 4);
    heard(false, 3);
    assertEquals(List.of("sub heard 4 and then " + message(3)), words(new RetainedNeverGoesBack()));
  }

  @Test
  void newcomerHearsTheLast_itDoes_holds() {
    hearing.subscribed();
    heard(true, 1);
    heard(false, 2);
    history.stateAcknowledged(message(2), false);
    history.stateAcknowledged(message(1), false);
    assertEquals(List.of(), words(new NewcomerHearsTheLast()));
  }

  @Test
  void newcomerHearsTheLast_itDoesNot_isBrokenUnlessItsConnectionHasEnded() {
    hearing.subscribed();
    heard(true, 1);
    history.stateAcknowledged(message(2), false);
    assertEquals(
        List.of("sub heard at last 1, and not of " + message(2)),
        words(new NewcomerHearsTheLast()));
    hearing.end();
    assertEquals(List.of(), words(new NewcomerHearsTheLast()));
  }

  @Test
  void newcomerHearsTheLast_clearedBeforeItCame_nothingIsRight() {
    hearing.subscribed();
    history.stateAcknowledged(message(2), true);
    assertEquals(List.of(), words(new NewcomerHearsTheLast()));
  }

  @Test
  void newcomerHearsTheLast_clearedAndLeftWithAValue_isBroken() {
    hearing.subscribed();
    heard(true, 1);
    history.stateAcknowledged(message(2), true);
    assertEquals(
        List.of("sub heard at last 1, and not of " + message(2)),
        words(new NewcomerHearsTheLast()));
  }
}
