package io.vmqtt.store.host;

import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.loop.TurnLoop;
import io.vmqtt.store.shard.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/** The threads that own shards; each shard belongs to one, each thread to several. */
public final class ShardLoops implements AutoCloseable {
  /**
   * Tasks that may wait: far above what links (a window of batches each), entries in flight and
   * timers can bring about, for a committed entry must never be refused.
   */
  private static final int CAPACITY = 1 << 16;

  private final List<TurnLoop> loops = new ArrayList<>();
  private final List<List<Shard>> shardsOf = new ArrayList<>();

  /**
   * @param turnEnd runs on a thread when it has ended the turns of all of its shards
   */
  public ShardLoops(int threads, Runnable turnEnd, MeterRegistry registry) {
    for (int i = 0; i < threads; i++) {
      List<Shard> shards = new CopyOnWriteArrayList<>();
      shardsOf.add(shards);
      loops.add(
          new TurnLoop(
              "shards-" + i,
              CAPACITY,
              () -> {
                try {
                  shards.forEach(Shard::endTurn);
                } finally {
                  turnEnd.run(); // those before one that failed have appended
                }
              },
              registry));
    }
  }

  /** The thread of a shard. */
  Executor of(int shard) {
    return loops.get(shard % loops.size());
  }

  /** From now on the shard's turns are ended. */
  void add(Shard shard) {
    shardsOf.get(shard.number() % loops.size()).add(shard);
  }

  void remove(Shard shard) {
    shardsOf.get(shard.number() % loops.size()).remove(shard);
  }

  @Override
  public void close() {
    loops.forEach(TurnLoop::close);
  }
}
