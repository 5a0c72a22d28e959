package io.vmqtt.gateway.listener;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AcceptFailuresTest {

  @Test
  void exceptionCaught_listenerRestsForASecond_nobodyElseHearsOfIt() {
    AtomicInteger failures = new AtomicInteger();
    EmbeddedChannel listener = new EmbeddedChannel(new AcceptFailures(failures::incrementAndGet));
    listener.freezeTime();

    listener.pipeline().fireExceptionCaught(new IOException("accept(..) failed: EMFILE"));

    assertFalse(listener.config().isAutoRead());
    assertEquals(1, failures.get());
    assertDoesNotThrow(listener::checkException);

    listener.advanceTimeBy(AcceptFailures.REST_MILLIS, TimeUnit.MILLISECONDS);
    listener.runScheduledPendingTasks();
    assertTrue(listener.config().isAutoRead());
  }
}
