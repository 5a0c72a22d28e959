package io.vmqtt.gateway.access;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CredentialChecksTest {
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger ran = new AtomicInteger();
  private final CredentialChecks checks = new CredentialChecks(1, 4);

  @AfterEach
  void close() {
    checks.close();
  }

  @Test
  void submit_oneAddressHasHalfOfThemWaiting_othersStillComeIn() {
    assertTrue(checks.submit(from(9, 1), this::hold));
    await().until(() -> checks.waiting() == 0);

    assertTrue(checks.submit(from(1, 1), ran::incrementAndGet));
    assertTrue(checks.submit(from(1, 2), ran::incrementAndGet));
    assertFalse(checks.submit(from(1, 3), ran::incrementAndGet));
    assertTrue(checks.submit(from(2, 1), ran::incrementAndGet));
    assertTrue(checks.submit(null, ran::incrementAndGet));
    assertFalse(checks.submit(from(3, 1), ran::incrementAndGet), "all of them");
    assertEquals(2, checks.refused());

    end.countDown();
    await().until(() -> ran.get() == 4);
    assertTrue(checks.submit(from(1, 4), ran::incrementAndGet));
    await().until(() -> ran.get() == 5);
  }

  private void hold() {
    try {
      end.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static SocketAddress from(int host, int port) {
    return new InetSocketAddress("10.0.0." + host, port);
  }
}
