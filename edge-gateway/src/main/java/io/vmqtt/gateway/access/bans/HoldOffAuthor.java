package io.vmqtt.gateway.access.bans;

import io.vmqtt.cluster.bans.HeldOff;
import io.vmqtt.cluster.bans.HoldOff;
import io.vmqtt.cluster.bans.Pardons;
import io.vmqtt.cluster.bans.Suspect;
import io.vmqtt.cluster.facts.Fact;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the cluster whom this gateway has found, once a second at most, and all of them at once: a
 * flood of guesses is no flood of writes. What cannot be written is tried again until its time is
 * over.
 */
public final class HoldOffAuthor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HoldOffAuthor.class);
  private static final long EVERY_MILLIS = 1_000;

  /** Others write, too: so often in a row it is tried again at once. */
  private static final int TRIES = 3;

  private final Fact<HeldOff> fact;
  private final Supplier<Pardons> pardons;
  private final InstantSource clock;
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("held-off-author").factory());

  // Guarded by itself.
  private final Map<Suspect, HoldOff> unwritten = new HashMap<>();

  private boolean failing;

  /**
   * Writes nothing before it is started.
   *
   * @param pardons those in force: what they are about leaves the fact when it is written
   */
  public HoldOffAuthor(Fact<HeldOff> fact, Supplier<Pardons> pardons, InstantSource clock) {
    this.fact = fact;
    this.pardons = pardons;
    this.clock = clock;
  }

  public void start() {
    var _ =
        worker.scheduleWithFixedDelay(
            this::write, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Somebody is held off from now on; of more than the fact takes, the rest is known here alone.
   */
  public void add(Suspect suspect, HoldOff holdOff) {
    synchronized (unwritten) {
      if (unwritten.size() < HeldOff.MOST) {
        unwritten.put(suspect, holdOff);
      }
    }
  }

  /** How many have not been written. */
  public int unwritten() {
    synchronized (unwritten) {
      return unwritten.size();
    }
  }

  /** Writes what there is to write. Called by one thread at a time. */
  void write() {
    Map<Suspect, HoldOff> news;
    synchronized (unwritten) {
      unwritten.values().removeIf(one -> one.hasEnded(clock.millis()));
      news = Map.copyOf(unwritten);
    }
    try {
      if (!news.isEmpty() && isWritten(news)) {
        synchronized (unwritten) {
          news.forEach(unwritten::remove);
        }
      }
      failing = false;
    } catch (IOException | RuntimeException e) {
      if (!failing) {
        failing = true;
        log.warn("the cluster is not told who is held off: {}", e.toString());
      }
    }
  }

  private boolean isWritten(Map<Suspect, HoldOff> news) throws IOException {
    Pardons pardoned = pardons.get();
    HeldOff proposed = HeldOff.NONE.with(news, pardoned, clock.millis());
    for (int i = 0; i < TRIES; i++) {
      HeldOff inForce = fact.create(proposed);
      if (inForce.equals(proposed)
          || fact.replace(inForce, inForce.with(news, pardoned, clock.millis()))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
