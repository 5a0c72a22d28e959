package io.vmqtt.store.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.ScopedName;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.session.v1.Attach;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.session.v1.Subscribe;
import io.vmqtt.proto.session.v1.Subscription;
import io.vmqtt.proto.storage.v1.Entry;
import io.vmqtt.proto.storage.v1.LoggedCommand;
import io.vmqtt.proto.store.v1.ShardPublish;
import io.vmqtt.store.leading.GatewayWatch;
import io.vmqtt.store.leading.LeadingOptions;
import io.vmqtt.store.leading.StoreClock;
import io.vmqtt.store.leading.StoreCommons;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.storage.RocksStorage;
import io.vmqtt.store.storage.ShardStorage;
import io.vmqtt.store.storage.StorageException;
import io.vmqtt.store.storage.StorageMemory;
import io.vmqtt.store.wire.LoggedCommands;
import io.vmqtt.store.wire.SessionExpiry;
import io.vmqtt.testkit.time.VirtualTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica whose disk fails once. */
class ShardTest {
  private static final Executor HERE = Runnable::run;

  @TempDir Path folder;
  private final ScheduledExecutorService timer = new VirtualTime().timer(HERE);
  private StorageMemory memory;
  private ShardStorage disk;
  private Shard shard;
  private boolean diskFails;

  @BeforeEach
  void open() {
    memory = new StorageMemory(8 << 20, 8 << 20);
    disk = RocksStorage.open(folder, memory);
    ShardCounts counts = new ShardCounts();
    LeadingOptions leading =
        new LeadingOptions(
            new QueueLimits(10, 10_000, QueueLimits.Overflow.REJECT_NEW, 1_000_000),
            SessionExpiry.UNLIMITED,
            4_000,
            () -> false);
    shard =
        new Shard(
            0,
            failing(disk),
            1,
            HERE,
            new EntryPause(EntryPause.Kind.LONE, new EntryPace(() -> 0, timer, HERE)),
            HERE,
            new StoreCommons(
                StoreClock.SYSTEM, new GatewayWatch(3_000, 0), leading, counts.leading()),
            new ShardOptions(new EntryBounds(10, 10_000, 10_000, 1, 10), () -> false),
            counts);
  }

  @AfterEach
  void close() {
    disk.close();
    memory.close();
  }

  @Test
  void reopen_entryCouldNotBeWritten_isAppliedOnceAfterwards() {
    assertNull(apply(1, attach("alice")));
    diskFails = true;
    assertInstanceOf(StorageException.class, apply(2, attach("bob")));
    assertTrue(shard.failed());
    assertInstanceOf(IllegalStateException.class, apply(3, attach("carol")));
    diskFails = false;

    shard.reopen();

    assertFalse(shard.failed());
    assertEquals(1, shard.status().appliedIndex());
    assertEquals(1, shard.status().sessions());
    assertNull(apply(2, attach("bob")));
    assertEquals(2, shard.status().sessions());
  }

  /** Replicas that are configured differently must not come apart. */
  @Test
  void committed_entryOfALeaderWithOtherBounds_decidedByThose() {
    assertNull(apply(1, attach("alice")));
    assertNull(apply(2, subscribe(1, "t")));
    QueueLimits leaders = new QueueLimits(2, 10_000, QueueLimits.Overflow.DROP_OLDEST, 1_000);
    for (long index = 3; index < 8; index++) {
      assertNull(
          apply(index, publish("t").toBuilder().setBounds(LoggedCommands.bounds(leaders)).build()));
    }
    assertEquals(2, shard.status().queued());

    assertNull(apply(8, publish("t")));
    assertEquals(3, shard.status().queued(), "an entry of before: by its own");
  }

  /** Nor must those that have not heard of the same quotas. */
  @Test
  void committed_entryOfALeaderWithBoundsOfANamespace_decidedByThose() {
    Namespace small = Namespace.of("small");
    String topic = ScopedName.of(small, "t");
    assertNull(apply(1, attach(ScopedName.of(small, "alice"))));
    assertNull(apply(2, subscribe(1, topic)));
    long room = 2 * (32L + topic.length());
    QueueLimits leaders =
        new QueueLimits(10, 10_000, QueueLimits.Overflow.DROP_OLDEST, 1_000)
            .with(Map.of(small, room));
    for (long index = 3; index < 8; index++) {
      assertNull(
          apply(
              index, publish(topic).toBuilder().setBounds(LoggedCommands.bounds(leaders)).build()));
    }
    assertEquals(2, shard.status().queued());

    assertNull(apply(8, publish(topic)));
    assertEquals(3, shard.status().queued(), "the bounds of this store");
  }

  private static Entry subscribe(long session, String filter) {
    return Entry.newBuilder()
        .setTimeMillis(1000)
        .addCommands(
            LoggedCommand.newBuilder()
                .setRequest(
                    ShardRequest.newBuilder()
                        .setSubscribe(
                            Subscribe.newBuilder()
                                .setSession(session)
                                .setEpoch(session)
                                .addSubscriptions(
                                    Subscription.newBuilder().setFilter(filter).setMaximumQos(1)))))
        .build();
  }

  private static Entry publish(String topic) {
    return Entry.newBuilder()
        .setTimeMillis(1000)
        .addCommands(
            LoggedCommand.newBuilder()
                .setPublish(
                    ShardPublish.newBuilder()
                        .setDeliver(true)
                        .setMessage(Message.newBuilder().setTopic(topic).setQos(1))))
        .build();
  }

  private @Nullable Throwable apply(long index, Entry entry) {
    AtomicReference<@Nullable Throwable> problem = new AtomicReference<>();
    shard.committed(
        1, index, null, () -> entry.toByteString().asReadOnlyByteBuffer(), problem::set);
    return problem.get();
  }

  private static Entry attach(String clientId) {
    return Entry.newBuilder()
        .setTimeMillis(1000)
        .addCommands(
            LoggedCommand.newBuilder()
                .setRequest(
                    ShardRequest.newBuilder()
                        .setAttach(Attach.newBuilder().setClientId(clientId).setReceiveMaximum(1))))
        .build();
  }

  /** The storage, but while {@link #diskFails} it does not commit. */
  private ShardStorage failing(ShardStorage storage) {
    return (ShardStorage)
        Proxy.newProxyInstance(
            ShardStorage.class.getClassLoader(),
            new Class<?>[] {ShardStorage.class},
            (proxy, method, arguments) -> {
              if (diskFails && method.getName().equals("commit")) {
                throw new StorageException("the disk fails");
              }
              try {
                return method.invoke(storage, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
