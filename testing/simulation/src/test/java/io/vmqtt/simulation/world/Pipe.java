package io.vmqtt.simulation.world;

import io.vmqtt.testkit.time.VirtualTime;
import java.util.ArrayDeque;
import java.util.Deque;

/** One direction of a connection, as TCP has it: messages arrive in order, late, or never. */
public final class Pipe {
  private final Network network;
  private final VirtualTime time;
  private final String from;
  private final SimulatedProcess to;
  private final Deque<Runnable> underWay = new ArrayDeque<>();
  private long lastNanos;
  private int waiting;

  Pipe(Network network, VirtualTime time, String from, SimulatedProcess to) {
    this.network = network;
    this.time = time;
    this.from = from;
    this.to = to;
  }

  /** Sends a message: something that happens at the other end. */
  public void send(Runnable message) {
    underWay.addLast(message);
    sendOne();
  }

  private void sendOne() {
    long now = time.getAsLong();
    lastNanos = Math.max(lastNanos, now + network.latencyNanos());
    time.after(lastNanos - now, this::arrive);
  }

  private void arrive() {
    if (network.delivers(from, to.host())) {
      to.execute(underWay.removeFirst());
    } else {
      waiting++;
      network.stuck(this);
    }
  }

  void retry() {
    int all = waiting;
    waiting = 0;
    for (int i = 0; i < all; i++) {
      sendOne();
    }
  }
}
