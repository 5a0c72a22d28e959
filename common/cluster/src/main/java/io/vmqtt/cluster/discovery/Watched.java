package io.vmqtt.cluster.discovery;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest known value of something, and those who want to hear of it.
 *
 * <p>Each listener hears the newest value once per change, through an executor that runs one task
 * at a time. A value that is replaced before a listener got its turn is skipped, so at most one
 * task per listener waits in the executor, however fast the value changes.
 */
public final class Watched<T> {
  private static final Logger log = LoggerFactory.getLogger(Watched.class);

  private final Executor oneAtATime;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable T newest;

  /**
   * @param oneAtATime runs the listeners; must never run two tasks at once
   */
  public Watched(Executor oneAtATime) {
    this.oneAtATime = oneAtATime;
  }

  /** Replaces the value; safe from any thread, but two concurrent calls have no defined order. */
  public void set(T value) {
    if (value.equals(newest)) {
      return;
    }
    newest = value;
    listeners.forEach(Listener::wake);
  }

  /** The newest value, or null where none was ever set. */
  public @Nullable T newest() {
    return newest;
  }

  /** Tells {@code listener} the value as soon as there is one and after each change. */
  public Registration watch(Consumer<? super T> listener) {
    Listener added = new Listener(listener);
    listeners.add(added);
    added.wake();
    return added;
  }

  private final class Listener implements Registration {
    private final Consumer<? super T> consumer;
    private final AtomicBoolean queued = new AtomicBoolean();
    private volatile boolean closed;

    /** What the consumer heard last; used only inside the executor. */
    private @Nullable T told;

    Listener(Consumer<? super T> consumer) {
      this.consumer = consumer;
    }

    void wake() {
      if (queued.compareAndSet(false, true)) {
        try {
          oneAtATime.execute(this::tell);
        } catch (RejectedExecutionException e) {
          // The owner of the executor is closing: nobody wants to hear anything any more.
          closed = true;
        }
      }
    }

    private void tell() {
      queued.set(false);
      T value = newest;
      if (closed || value == null || value.equals(told)) {
        return;
      }
      told = value;
      try {
        consumer.accept(value);
      } catch (RuntimeException e) {
        log.error("A listener failed on {}", value, e);
      }
    }

    @Override
    public void close() {
      closed = true;
      listeners.remove(this);
    }
  }
}
