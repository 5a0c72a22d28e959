package io.vmqtt.testkit.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboxTest {
  private final Inbox inbox = new Inbox("tester", Duration.ofMillis(20));

  private void receive(String payload) {
    inbox.add(new Receipt("topic", payload, 1, false, false));
  }

  @Test
  void awaitExactly_theseInOrder_returns() {
    receive("a");
    receive("b");
    inbox.awaitExactly(List.of("a", "b"));
  }

  @Test
  void awaitExactly_otherOrder_fails() {
    receive("b");
    receive("a");
    assertThrows(AssertionError.class, () -> inbox.awaitExactly(List.of("a", "b")));
  }

  @Test
  void awaitExactly_oneTooMany_fails() {
    receive("a");
    receive("b");
    assertThrows(AssertionError.class, () -> inbox.awaitExactly(List.of("a")));
  }

  @Test
  void awaitPayload_neverCame_saysWhatDid() {
    receive("a");
    AssertionError error = assertThrows(AssertionError.class, () -> inbox.awaitPayload("b"));
    assertTrue(String.valueOf(error.getMessage()).contains("[a]"), error::toString);
  }

  @Test
  void awaitCount_fromAnotherThread_isWokenUp() throws InterruptedException {
    Inbox patient = new Inbox("tester", Duration.ofSeconds(20));
    Thread sender =
        Thread.ofVirtual().start(() -> patient.add(new Receipt("topic", "a", 0, false, false)));
    assertEquals(1, patient.awaitCount(1).size());
    sender.join();
  }

  @Test
  void onReceipt_receipts_areToldInOrder() {
    List<String> told = new ArrayList<>();
    inbox.onReceipt(receipt -> told.add(receipt.payload()));
    receive("a");
    receive("b");
    assertEquals(List.of("a", "b"), told);
  }
}
