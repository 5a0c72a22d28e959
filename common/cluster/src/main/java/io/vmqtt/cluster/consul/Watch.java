package io.vmqtt.cluster.consul;

import com.ecwid.consul.v1.QueryParams;
import com.ecwid.consul.v1.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running watch of something in Consul, on a virtual thread of its own. */
public final class Watch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Watch.class);

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  <T> Watch(String name, Asker<T> asker, Consumer<? super T> listener) {
    this.thread = Thread.ofVirtual().name(name).unstarted(() -> run(asker, listener));
  }

  /** Asks for what has changed since an index. */
  @FunctionalInterface
  interface Asker<T> {
    Response<T> ask(Index known) throws IOException;
  }

  /**
   * Which answer is known. Consul gives each an index that grows.
   *
   * @param value the index of the known answer; negative where the next answer must come at once
   */
  record Index(long value) {
    private static final Index NONE = new Index(-1);

    QueryParams params(Duration hold) {
      return value < 0 ? QueryParams.DEFAULT : new QueryParams(hold.toSeconds(), value);
    }

    /**
     * The index after an answer. One that went backwards is of a Consul that lost its memory:
     * waiting for a change since the old one would miss everything until it is reached again.
     */
    Index after(@Nullable Long answered) {
      return answered == null || answered <= 0 || answered < value ? NONE : new Index(answered);
    }
  }

  void start() {
    thread.start();
  }

  private <T> void run(Asker<T> asker, Consumer<? super T> listener) {
    Backoff backoff = new Backoff(RandomGenerator.getDefault());
    Index known = Index.NONE;
    try {
      while (closed.getCount() > 0) {
        known = askOnce(asker, known, listener);
        if (known.equals(Index.NONE)) {
          // It failed, or forgot: either way Consul must not be asked in a rush.
          boolean _ = closed.await(backoff.next().toMillis(), TimeUnit.MILLISECONDS);
        } else {
          backoff.reset();
        }
      }
    } catch (InterruptedException e) {
      log.trace("{} was closed while it paused", thread.getName());
    }
  }

  private <T> Index askOnce(Asker<T> asker, Index known, Consumer<? super T> listener) {
    try {
      Response<T> response = asker.ask(known);
      listener.accept(response.getValue());
      return known.after(response.getConsulIndex());
    } catch (IOException e) {
      // Consul itself says once that it is away; here it is only asked again.
      log.trace("{} got no answer", thread.getName(), e);
      return Index.NONE;
    } catch (RuntimeException e) {
      if (closed.getCount() > 0) {
        log.error("{} failed, trying again", thread.getName(), e);
      }
      return Index.NONE;
    }
  }

  /** Ends the watch at once; the listener may still be in its last call. */
  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }
}
