package io.vmqtt.cluster.operation;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many downloads there are at a time; further ones are refused. One of which nobody has read
 * for a while, and nobody is about to, is closed: its reader may be gone without a word. Safe from
 * any thread.
 */
public final class DownloadTurns {
  private static final long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();

  private final int most;
  private final String refusal;
  private final LongSupplier nanoTime;
  private final List<Turn> taken = new ArrayList<>();

  /**
   * @param refusal what a further one is told
   */
  public DownloadTurns(int most, String refusal, LongSupplier nanoTime) {
    this.most = most;
    this.refusal = refusal;
    this.nanoTime = nanoTime;
  }

  /**
   * A turn, which ends when it, or what it holds, is closed.
   *
   * @throws OperationRefusal if there are too many
   */
  public Turn take() {
    @Nullable Turn left = null;
    Turn turn = new Turn();
    synchronized (taken) {
      if (taken.size() >= most) {
        left = taken.stream().filter(Turn::isLeft).findFirst().orElse(null);
        if (left == null) {
          throw new OperationRefusal(refusal);
        }
        taken.remove(left);
      }
      taken.add(turn);
    }
    if (left != null) {
      left.close();
    }
    return turn;
  }

  /** One of them. */
  public final class Turn implements AutoCloseable {
    private @Nullable InputStream held;
    private int working = 1; // on what it will hold
    private long idleSince;
    private final CountDownLatch closed = new CountDownLatch(1);

    private boolean isLeft() {
      synchronized (taken) {
        return working == 0 && nanoTime.getAsLong() - idleSince > PATIENCE_NANOS;
      }
    }

    private void begin() {
      synchronized (taken) {
        working++;
      }
    }

    private void end() {
      synchronized (taken) {
        working--;
        idleSince = nanoTime.getAsLong();
      }
    }

    /** The same content, whose end is that of the turn. */
    public InputStream holds(InputStream content) {
      synchronized (taken) {
        held = content;
      }
      end();
      Thread.ofVirtual().name("download-watch").start(this::watch);
      return new FilterInputStream(content) {
        @Override
        public int read() throws IOException {
          begin();
          try {
            return untilEnd(super.read());
          } finally {
            end();
          }
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
          begin();
          try {
            return untilEnd(super.read(to, offset, length));
          } finally {
            end();
          }
        }

        @Override
        public void close() {
          Turn.this.close();
        }
      };
    }

    /** Who has all of it may ask for the next at once, before anybody has closed this. */
    private int untilEnd(int read) {
      if (read < 0) {
        close();
      }
      return read;
    }

    /** What nobody asks for any more takes no room either. */
    private void watch() {
      try {
        while (!closed.await(PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
          if (isLeft()) {
            close();
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      closed.countDown();
      @Nullable InputStream content;
      synchronized (taken) {
        taken.remove(this);
        content = held;
        held = null;
      }
      if (content != null) {
        try {
          content.close();
        } catch (IOException e) {
          // Nobody reads it any more.
        }
      }
    }
  }
}
