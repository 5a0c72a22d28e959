package io.vmqtt.cluster.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DownloadTurnsTest {
  private final AtomicLong now = new AtomicLong();
  private final DownloadTurns turns = new DownloadTurns(1, "too many", now::get);

  private static InputStream content(AtomicBoolean closed) {
    return new ByteArrayInputStream(new byte[] {7, 8}) {
      @Override
      public void close() {
        closed.set(true);
      }
    };
  }

  @Test
  void further_isRefused_untilTheFirstIsClosed() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream first = turns.take().holds(content(closed));
    assertEquals("too many", assertThrows(OperationRefusal.class, turns::take).getMessage());
    first.close();
    first.close();
    assertTrue(closed.get());
    DownloadTurns.Turn second = turns.take();
    assertThrows(OperationRefusal.class, turns::take);
    second.close();
    turns.take().close();
  }

  @Test
  void readToItsEnd_theNextMayCome_beforeAnybodyHasClosedIt() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream first = turns.take().holds(content(closed));
    assertEquals(2, first.readAllBytes().length);
    turns.take().close();
    assertTrue(closed.get());
  }

  @Test
  void whoDoesNotRead_givesWay_whoIsMade_not() throws IOException {
    DownloadTurns.Turn making = turns.take();
    now.addAndGet(Duration.ofHours(1).toNanos());
    assertThrows(OperationRefusal.class, turns::take);

    AtomicBoolean closed = new AtomicBoolean();
    InputStream left = making.holds(content(closed));
    now.addAndGet(Duration.ofSeconds(59).toNanos());
    assertEquals(7, left.read());
    now.addAndGet(Duration.ofSeconds(59).toNanos());
    assertThrows(OperationRefusal.class, turns::take);
    now.addAndGet(Duration.ofSeconds(2).toNanos());
    turns.take();
    assertTrue(closed.get());
  }
}
