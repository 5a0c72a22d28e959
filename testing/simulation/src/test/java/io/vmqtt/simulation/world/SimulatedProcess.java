package io.vmqtt.simulation.world;

import io.vmqtt.testkit.time.VirtualTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/**
 * One process, from its start to its end, at some host. Everything that happens in it goes through
 * {@link #execute}: it happens at once, when the process goes on, or never.
 */
public final class SimulatedProcess implements Executor {
  private static final long LONGEST_HANDOVER_NANOS = 200_000;

  private final String host;
  private final VirtualTime time;
  private final RandomGenerator random;
  private final Deque<Runnable> parked = new ArrayDeque<>();
  private boolean paused;
  private boolean dead;

  SimulatedProcess(String host, VirtualTime time, RandomGenerator random) {
    this.host = host;
    this.time = time;
    this.random = random;
  }

  /** Where it runs; another process may run there after it. */
  public String host() {
    return host;
  }

  /** A timer of the process. */
  public ScheduledExecutorService timer() {
    return time.timer(this);
  }

  @Override
  public void execute(Runnable task) {
    if (paused) {
      parked.addLast(task);
    } else if (!dead) {
      task.run();
    }
  }

  /** A thread of the process: runs its tasks in order, each a moment after it was handed over. */
  public Executor newThread() {
    return new Executor() {
      private long lastNanos;

      @Override
      public void execute(Runnable task) {
        long now = time.getAsLong();
        lastNanos = Math.max(lastNanos, now + random.nextLong(1, LONGEST_HANDOVER_NANOS));
        time.after(lastNanos - now, () -> SimulatedProcess.this.execute(task));
      }
    };
  }

  /** SIGKILL. */
  public void kill() {
    dead = true;
    paused = false;
    parked.clear();
  }

  /** SIGSTOP. */
  public void pause() {
    paused = !dead;
  }

  /** SIGCONT. */
  public void resume() {
    paused = false;
    while (!paused && !parked.isEmpty()) {
      execute(parked.removeFirst());
    }
  }

  public boolean isDead() {
    return dead;
  }

  /** Whether it does anything. */
  public boolean isAwake() {
    return !dead && !paused;
  }
}
