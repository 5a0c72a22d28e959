package io.vmqtt.cluster.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SendWindowTest {
  private final SendWindow window = new SendWindow();

  @Test
  void sent_batchAfterBatch_numbersFromOne() {
    assertEquals(1, window.sent(10, 0));
    assertEquals(2, window.sent(10, 0));
    assertEquals(2, window.unacknowledgedBatches());
  }

  @Test
  void isOpen_nothingUnderWay_evenForABatchLargerThanTheWindow() {
    assertTrue(window.isOpen(1, 1));
  }

  @Test
  void isOpen_asManyBatchesAsMayBe_false() {
    window.sent(1, 0);
    assertTrue(window.isOpen(1000, 2));

    window.sent(1, 0);

    assertFalse(window.isOpen(1000, 2));
  }

  @Test
  void isOpen_asManyBytesAsMayBe_false() {
    window.sent(600, 0);
    assertTrue(window.isOpen(1000, 100));

    window.sent(400, 0);

    assertFalse(window.isOpen(1000, 100));
  }

  @Test
  void acknowledge_some_freesTheirBytesAlone() {
    window.sent(600, 0);
    window.sent(300, 0);
    window.sent(200, 0);

    assertTrue(window.acknowledge(1));

    assertEquals(2, window.unacknowledgedBatches());
    assertFalse(window.isOpen(500, 100));
    assertTrue(window.isOpen(501, 100));
  }

  @Test
  void acknowledge_whatIsAcknowledgedAlready_false() {
    window.sent(1, 0);
    window.sent(1, 0);
    assertTrue(window.acknowledge(2));

    assertFalse(window.acknowledge(2));
    assertFalse(window.acknowledge(1));
    assertEquals(0, window.unacknowledgedBatches());
  }

  @Test
  void acknowledge_several_knowsWhenTheLastOfThemWasSent() {
    window.sent(1, 100);
    window.sent(1, 200);
    window.sent(1, 300);

    window.acknowledge(2);

    assertEquals(200, window.acknowledgedSentNanos());
  }
}
