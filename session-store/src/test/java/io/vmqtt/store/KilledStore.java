package io.vmqtt.store;

import static io.vmqtt.store.FakeRouter.client;
import static io.vmqtt.store.FakeRouter.message;

import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.proto.store.v1.PublishesCommitted;
import io.vmqtt.store.config.StoreConfig;
import io.vmqtt.store.session.QueueLimits;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * A store that publishes to itself until it is killed, and prints how far its publishes are
 * committed. A process of its own, started by {@link SigkillTest}.
 */
final class KilledStore {
  static final String SUBSCRIBER = "alice";
  private static final int IN_FLIGHT = 500;

  private KilledStore() {}

  /** Flushes and cuts its log often, so that a kill finds it at that, too. */
  static StoreConfig config(Path data) {
    return new StoreConfig(
        new StoreConfig.Disk(data, 1, 0),
        1,
        new StoreConfig.Raft("127.0.0.1", 0, Duration.ofMillis(150), Duration.ofMillis(300)),
        new StoreConfig.Log(256 << 10, 500, 64 << 10, Duration.ofHours(1)),
        new StoreConfig.Entries(64, 1 << 20, 1 << 20, 4, 16_384),
        new StoreConfig.Queue(10_000_000, 1L << 40, QueueLimits.Overflow.REJECT_NEW),
        new StoreConfig.Patience(
            Duration.ZERO, Duration.ofSeconds(3), Duration.ofHours(1), Duration.ofDays(1)),
        new StoreConfig.Memory(8 << 20, 1 << 20));
  }

  /**
   * Publishes {@code from}, {@code from + 1}, ... to topic {@code t} for ever.
   *
   * @param arguments data folder, first number, {@link Replication}
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    long from = Long.parseLong(arguments[1]);
    try (StoreHarness store =
            new StoreHarness(config(Path.of(arguments[0])), 1, Replication.valueOf(arguments[2]));
        FakeRouter router = store.router("router-1")) {
      Attached session = router.attach(client(SUBSCRIBER, 1, from + 1).setReceiveMaximum(1));
      router.subscribe(session, "t", 1);
      Semaphore room = new Semaphore(IN_FLIGHT);
      Thread committed = new Thread(() -> printCommitted(router, from, room, out));
      committed.setDaemon(true);
      committed.start();
      for (long number = from; ; number++) {
        room.acquire();
        router.publish(message("t", 1, Long.toString(number)), null);
      }
    }
  }

  private static void printCommitted(
      FakeRouter router, long from, Semaphore room, PrintStream out) {
    long through = 0;
    try {
      while (true) {
        PublishesCommitted next = router.committed.take();
        room.release((int) (next.getThrough() - through));
        through = next.getThrough();
        out.println("committed " + (from + through - 1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
