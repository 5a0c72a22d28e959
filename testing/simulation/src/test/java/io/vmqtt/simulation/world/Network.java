package io.vmqtt.simulation.world;

import io.vmqtt.testkit.time.VirtualTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Carries messages between hosts: each takes its time, and waits where a link is cut. */
public final class Network {
  private static final long SHORTEST_NANOS = 50_000;
  private static final long USUAL_NANOS = 2_000_000;
  private static final long LONGEST_NANOS = 60_000_000;

  /** One message in so many takes long. */
  private static final int SLOW_ONE_IN = 50;

  private final VirtualTime time;
  private final RandomGenerator random;
  private final Set<Cut> cuts = new LinkedHashSet<>();
  private final Set<String> unplugged = new LinkedHashSet<>();
  private final Set<Pipe> stuck = new LinkedHashSet<>();

  private record Cut(String from, String to) {}

  /** Nothing is cut. */
  public Network(VirtualTime time, RandomGenerator random) {
    this.time = time;
    this.random = random;
  }

  /** A process at a host. */
  public SimulatedProcess start(String host) {
    return new SimulatedProcess(host, time, random);
  }

  /** Whether messages from one host arrive at another. */
  public boolean delivers(String from, String to) {
    return from.equals(to)
        || !(unplugged.contains(from)
            || unplugged.contains(to)
            || cuts.contains(new Cut(from, to)));
  }

  /** Whether two hosts can talk. */
  public boolean connects(String one, String other) {
    return delivers(one, other) && delivers(other, one);
  }

  /** Whether two processes can talk now. */
  public boolean connects(SimulatedProcess one, SimulatedProcess other) {
    return one.isAwake() && other.isAwake() && connects(one.host(), other.host());
  }

  public void cut(String one, String other) {
    cutOneWay(one, other);
    cutOneWay(other, one);
  }

  public void cutOneWay(String from, String to) {
    cuts.add(new Cut(from, to));
  }

  /** Both ways. */
  public void heal(String one, String other) {
    cuts.remove(new Cut(one, other));
    cuts.remove(new Cut(other, one));
    release();
  }

  /** Cuts a host off from all others. */
  public void unplug(String host) {
    unplugged.add(host);
  }

  /** Reverses {@link #unplug}. */
  public void plugIn(String host) {
    unplugged.remove(host);
    release();
  }

  /** A way for messages to a process, which keeps their order. */
  public Pipe pipe(String from, SimulatedProcess to) {
    return new Pipe(this, time, from, to);
  }

  /** How long a message takes, in nanoseconds. */
  public long latencyNanos() {
    return random.nextInt(SLOW_ONE_IN) == 0
        ? random.nextLong(USUAL_NANOS, LONGEST_NANOS)
        : random.nextLong(SHORTEST_NANOS, USUAL_NANOS);
  }

  void stuck(Pipe pipe) {
    stuck.add(pipe);
  }

  private void release() {
    List<Pipe> waiting = new ArrayList<>(stuck);
    stuck.clear();
    waiting.forEach(Pipe::retry);
  }
}
