package io.vmqtt.gateway.link;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vmqtt.proto.message.v1.IdempotencyKey;
import java.time.Duration;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The keys of publishes that this gateway has taken for its transient sessions: a router that is
 * retried, or replaced, sends some twice. Bounded by producers and by time; a producer that was
 * silent for so long has nothing under way any more.
 */
final class RecentKeys {
  private static final int MAX_PRODUCERS = 100_000;
  private static final Duration MEMORY = Duration.ofMinutes(10);

  private final Cache<Long, Window> windows =
      Caffeine.newBuilder().maximumSize(MAX_PRODUCERS).expireAfterAccess(MEMORY).build();

  /** What one producer has sent and may send again. */
  private static final class Window {
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeSet<Long> seen = new TreeSet<>();
    private long lowWater;
    private long epoch;

    boolean isNew(IdempotencyKey key) {
      lock.lock();
      try {
        if (key.getEpoch() < epoch) {
          return false;
        }
        if (key.getEpoch() > epoch) {
          epoch = key.getEpoch();
          lowWater = 0;
          seen.clear();
        }
        if (key.getLowWater() > lowWater) {
          lowWater = key.getLowWater();
          seen.headSet(lowWater).clear();
        }
        return key.getSequence() >= lowWater && seen.add(key.getSequence());
      } finally {
        lock.unlock();
      }
    }
  }

  /** Whether a publish with this key comes for the first time. */
  boolean isNew(IdempotencyKey key) {
    return windows.get(key.getProducer(), absent -> new Window()).isNew(key);
  }
}
