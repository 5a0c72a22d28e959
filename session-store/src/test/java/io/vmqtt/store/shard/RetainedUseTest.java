package io.vmqtt.store.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.ScopedName;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.ShardState;
import io.vmqtt.store.storage.RocksStorage;
import io.vmqtt.store.storage.StorageMemory;
import io.vmqtt.store.wire.WireContent;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainedUseTest {
  private static final Namespace PLANT = Namespace.of("plant");
  private static final int MANY = 2 * RetainedUse.SLICE;

  /** Behind the others for UTF-8, and before some of them for the units of Java's strings. */
  private static final String LAST = "\ud83d\ude00";

  @TempDir Path folder;
  private StorageMemory memory;
  private RocksStorage storage;
  private RetainedUse use;
  private final ShardState state = new ShardState(1);
  private long index;

  @BeforeEach
  void open() {
    memory = new StorageMemory(8 << 20, 8 << 20);
    storage = RocksStorage.open(folder, memory);
    use = new RetainedUse(storage);
  }

  @AfterEach
  void close() {
    storage.close();
    memory.close();
  }

  private static Publication message(Namespace namespace, String topic) {
    return WireContent.publication(
        Message.newBuilder()
            .setTopic(namespace.isNameless() ? topic : ScopedName.of(namespace, topic))
            .setQos(1)
            .build());
  }

  private int retain(Namespace namespace, String topic, boolean keep) {
    Publication message = message(namespace, topic);
    Change.Retained change = new Change.Retained(message.topic(), keep ? message : null);
    use.changes(change);
    storage.stage(change, state);
    return message.bytes();
  }

  private void commit() {
    storage.commit(1, ++index, state);
    use.committed();
  }

  private long bytesOf(@Nullable Namespace only) {
    long[] sum = {0};
    storage.scan(
        "",
        message -> {
          boolean isOfIt = ScopedName.namespace(message.topic()).equals(only);
          sum[0] += isOfIt ? message.bytes() : 0;
          return true;
        });
    return sum[0];
  }

  @Test
  void countOn_changesBetweenSlices_eachIsCountedOnce() {
    for (int i = 0; i < MANY; i++) {
      retain(PLANT, String.format("t/%06d", i), true);
      retain(Namespace.NAMELESS, String.format("t/%06d", i), true);
    }
    retain(PLANT, LAST, true);
    commit();
    use.count(Set.of(PLANT));

    assertTrue(use.countOn());
    assertTrue(use.of(PLANT) > 0);
    assertTrue(use.of(PLANT) < bytesOf(PLANT), "not at once");
    retain(PLANT, "t/000001", false); // was counted
    retain(PLANT, "t/000001/new", true);
    retain(PLANT, String.format("t/%06d", MANY - 1), false); // was not
    retain(PLANT, "\uffee", true);
    retain(PLANT, LAST, false);
    commit();
    while (use.countOn()) {
      assertTrue(use.of(PLANT) > 0);
    }

    assertEquals(bytesOf(PLANT), use.of(PLANT));
    assertFalse(use.countOn());
    long before = use.of(PLANT);
    int bytes = retain(PLANT, "afterwards", true);
    commit();
    assertEquals(before + bytes, use.of(PLANT));
    assertEquals(0, use.of(Namespace.NAMELESS), "nobody has asked for that");
  }
}
