package io.vmqtt.store.session;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmqtt.model.Delivery;
import io.vmqtt.model.Qos;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A change that no rule may make is refused, before it can be in the tables of anybody. */
class ShardStateTest {
  private static final Publication MESSAGE = ShardModel.message("t", 1);

  private final ShardState state = new ShardState(1);

  @BeforeEach
  void loaded() {
    apply(session(3, 5));
    apply(queued(3, 7));
    state.restoreCounters(9, 0);
    state.restored();
  }

  private void apply(Change change) {
    state.apply(change, body -> {});
  }

  private void assertRefused(String complaint, Change change) {
    assertEquals(
        complaint, assertThrows(IllegalStateException.class, () -> apply(change)).getMessage());
  }

  private static Change session(long number, long epoch) {
    return new Change.SessionSaved(
        new SessionHeader(number, "c" + number, epoch, true, 1, 1, false, 60, 10, null, 0, 0, 0));
  }

  private static Change queued(long session, long sequence) {
    return new Change.Queued(session, sequence, 0, MESSAGE, Delivery.of(Qos.AT_LEAST_ONCE, false));
  }

  @Test
  void apply_numberThatWasGiven_refused() {
    assertRefused("session 9 is not new: numbers up to 9 are given", session(9, 10));
    assertRefused("epoch 9 is not new: numbers up to 9 are given", session(3, 9));
    assertRefused(
        "body 4 is not new: numbers up to 9 are given", new Change.BodyStored(4, MESSAGE));
    assertRefused(
        "publish 9 is not new: numbers up to 9 are given",
        new Change.PublishArmed(new PendingPublish(9, MESSAGE, 0, null, null)));
    assertDoesNotThrow(() -> apply(session(10, 11)));
    assertDoesNotThrow(() -> apply(session(3, 12)));
  }

  @Test
  void apply_sequenceThatDoesNotFollow_refused() {
    assertRefused("message 7 of session 3 does not follow 7", queued(3, 7));
    assertRefused("message 9 of session 3 does not follow 7", queued(3, 9));
    assertRefused("publish 2 of session 3 does not follow 0", new Change.InboundOpened(3, 1, 2));
    assertDoesNotThrow(() -> apply(queued(3, 8)));
    assertDoesNotThrow(() -> apply(new Change.InboundOpened(3, 1, 1)));
  }
}
