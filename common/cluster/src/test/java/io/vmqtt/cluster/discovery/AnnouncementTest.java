package io.vmqtt.cluster.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.net.HostAndPort;
import io.vmqtt.cluster.consul.Consul;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AnnouncementTest {
  private static final ServiceEntry SERVICE =
      new ServiceEntry(
          "edge-gateway-gw-1",
          "edge-gateway",
          "127.0.0.1",
          1883,
          List.of(),
          Map.of(),
          URI.create("http://127.0.0.1:8080/health"));

  private final CountDownLatch announced = new CountDownLatch(1);
  private final AtomicInteger withdrawals = new AtomicInteger();

  /** Consul, which fails so often to take a service out. */
  private ServiceAnnouncer failing(int times) {
    return new ServiceAnnouncer() {
      @Override
      public void announce(ServiceEntry service) {
        announced.countDown();
      }

      @Override
      public void withdraw(String serviceId) throws IOException {
        if (withdrawals.incrementAndGet() <= times) {
          throw new IOException("it has other things to do");
        }
      }
    };
  }

  private void announceAndClose(ServiceAnnouncer announcer) throws InterruptedException {
    try (Consul consul = new Consul(HostAndPort.fromParts("127.0.0.1", 1))) {
      Announcement announcement = new Announcement(consul, announcer, SERVICE);
      announcement.start();
      assertTrue(announced.await(30, TimeUnit.SECONDS));
      announcement.close();
    }
  }

  @Test
  void close_consulDoesNotAnswerAtOnce_isAskedAgain() throws InterruptedException {
    announceAndClose(failing(2));

    assertEquals(3, withdrawals.get());
  }

  @Test
  void close_consulIsAway_ends() throws InterruptedException {
    announceAndClose(failing(Integer.MAX_VALUE));

    assertTrue(withdrawals.get() > 1);
  }
}
