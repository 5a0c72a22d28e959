package io.vmqtt.registry.admin;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What comes from another process, as long as it comes: a read that takes too long ends all. */
final class LimitedReads extends FilterInputStream {
  private static final long PATIENCE_SECONDS = 30;

  private final ScheduledExecutorService timer;

  LimitedReads(InputStream content, ScheduledExecutorService timer) {
    super(content);
    this.timer = timer;
  }

  @Override
  public int read() throws IOException {
    Future<?> end = timer.schedule(this::end, PATIENCE_SECONDS, TimeUnit.SECONDS);
    try {
      return super.read();
    } finally {
      end.cancel(false);
    }
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    Future<?> end = timer.schedule(this::end, PATIENCE_SECONDS, TimeUnit.SECONDS);
    try {
      return super.read(to, offset, length);
    } finally {
      end.cancel(false);
    }
  }

  private void end() {
    try {
      in.close();
    } catch (IOException e) {
      // The read says so, too.
    }
  }
}
