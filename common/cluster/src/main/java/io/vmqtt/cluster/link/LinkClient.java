package io.vmqtt.cluster.link;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calling end of a link: keeps one stream open to one other process until it is closed. Pauses
 * between attempts double up to a limit, with jitter, so that a hundred processes that lost the
 * same peer do not come back in step.
 */
public final class LinkClient implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LinkClient.class);

  private final String name;
  private final LinkOptions options;
  private final ScheduledExecutorService timer;
  private final RandomGenerator dice;
  private final Function<Runnable, LinkStream<?, ?, ?, ?>> opener;
  // Used on the timer's thread alone, but for the volatile ones.
  private volatile @Nullable LinkStream<?, ?, ?, ?> current;
  private volatile boolean closed;
  private int failures;

  LinkClient(
      String name,
      LinkOptions options,
      ScheduledExecutorService timer,
      RandomGenerator dice,
      Function<Runnable, LinkStream<?, ?, ?, ?>> opener) {
    this.name = name;
    this.options = options;
    this.timer = timer;
    this.dice = dice;
    this.opener = opener;
    timer.execute(this::open);
  }

  private void open() {
    if (closed) {
      return;
    }
    try {
      LinkStream<?, ?, ?, ?> stream = opener.apply(this::reopenLater);
      current = stream;
      if (closed) {
        stream.leave("this process lets go of " + name);
      }
    } catch (RuntimeException e) {
      log.warn("cannot open a link to {}", name, e);
      reopenLater();
    }
  }

  private void reopenLater() {
    if (closed || timer.isShutdown()) {
      return;
    }
    timer.execute(this::scheduleAttempt);
  }

  private void scheduleAttempt() {
    LinkStream<?, ?, ?, ?> last = current;
    failures = last != null && last.wasUp() ? 0 : failures + 1;
    long firstMillis = Math.max(1, options.firstBackoff().toMillis());
    long longest = Math.min(options.maxBackoff().toMillis(), firstMillis << Math.min(failures, 20));
    long pause = dice.nextLong(longest / 2, longest + 1);
    var _ = timer.schedule(this::open, pause, TimeUnit.MILLISECONDS);
  }

  /** Whether there is a stream that is up, and the other side is known to hear it. */
  public boolean isLive() {
    LinkStream<?, ?, ?, ?> stream = current;
    return stream != null && stream.wasUp() && stream.isLive();
  }

  /** Closes the stream and makes no more. */
  @Override
  public void close() {
    closed = true;
    LinkStream<?, ?, ?, ?> stream = current;
    if (stream != null) {
      stream.leave("this process lets go of " + name);
    }
  }
}
