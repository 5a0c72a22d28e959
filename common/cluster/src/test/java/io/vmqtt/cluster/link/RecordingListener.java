package io.vmqtt.cluster.link;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keeps what a link tells its owner. Processes batches at once, or, when told to hold, as the test
 * wants.
 *
 * @param <O> frames that go out
 * @param <I> frames that come in
 */
final class RecordingListener<O, I> implements LinkListener<O, I> {
  final List<Link<O>> ups = new CopyOnWriteArrayList<>();
  final List<Link<O>> downs = new CopyOnWriteArrayList<>();
  final List<Link<O>> relieved = new CopyOnWriteArrayList<>();
  final List<List<I>> batches = new CopyOnWriteArrayList<>();

  /** All frames in the order in which they came. */
  final Queue<I> frames = new ConcurrentLinkedQueue<>();

  /** What is to be run to say that a batch is taken care of, when {@link #hold} was called. */
  final List<Runnable> unprocessed = new CopyOnWriteArrayList<>();

  private volatile boolean holding;

  /** From now on batches stay unprocessed until the test runs them. */
  void hold() {
    holding = true;
  }

  boolean isUp() {
    return ups.size() == downs.size() + 1;
  }

  /** The newest stream. */
  Link<O> link() {
    return ups.getLast();
  }

  @Override
  public void up(Link<O> link) {
    ups.add(link);
  }

  @Override
  public void receive(Link<O> link, List<I> received, Runnable processed) {
    batches.add(received);
    frames.addAll(received);
    if (holding) {
      unprocessed.add(processed);
    } else {
      processed.run();
    }
  }

  @Override
  public void writable(Link<O> link) {
    relieved.add(link);
  }

  @Override
  public void down(Link<O> link) {
    downs.add(link);
  }
}
