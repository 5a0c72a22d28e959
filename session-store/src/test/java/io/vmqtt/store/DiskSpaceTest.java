package io.vmqtt.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.ReasonCode;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.store.v1.PublishesCommitted;
import io.vmqtt.store.config.StoreConfig;
import io.vmqtt.store.config.StoreOptions;
import io.vmqtt.store.storage.DiskSpace;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store does when its disk is nearly full. */
class DiskSpaceTest {
  @TempDir private Path data;

  @Test
  void isLow_moreOrLessThanThereIs_saysSo() throws Exception {
    assertFalse(new DiskSpace(data, 1).isLow());
    DiskSpace low = new DiskSpace(data, Long.MAX_VALUE);
    assertTrue(low.isLow());
    assertTrue(low.isFull());
    DiskSpace middling = new DiskSpace(data, low.freeBytes() / 4 * 5);
    assertTrue(middling.isLow());
    assertFalse(middling.isFull());
    assertTrue(low.freeBytes() > 0);
  }

  @Test
  void publish_diskIsLow_refusedWhileClientsAreServed() throws Exception {
    try (StoreHarness store = new StoreHarness(nearlyFull(), 1);
        FakeRouter router = store.router("router")) {
      var session = router.attach(FakeRouter.client("alice", 7, 1));
      router.subscribe(session, "t", 1);

      long last = router.publish(message(1), null);

      PublishesCommitted answer = FakeRouter.poll(router.committed);
      assertEquals(last, answer.getThrough());
      assertEquals(ReasonCode.QUOTA_EXCEEDED.value(), answer.getRefused(0).getReasonCode());
    }
  }

  /** So that they refuse what some would get, and some not. */
  @Test
  void tick_diskIsLow_routersAreTold() throws Exception {
    try (StoreHarness store = new StoreHarness(nearlyFull(), 1);
        FakeRouter router = store.router("router")) {
      assertFalse(FakeRouter.poll(router.rooms).getEnough());
      try (FakeRouter later = store.router("later")) {
        assertFalse(FakeRouter.poll(later.rooms).getEnough());
      }
    }
  }

  private StoreConfig nearlyFull() {
    return StoreConfigs.of(data, Map.of(StoreOptions.MIN_FREE_DISK_BYTES, "1000000G"));
  }

  private static Message message(int qos) {
    return Message.newBuilder().setTopic("t").setQos(qos).build();
  }
}
