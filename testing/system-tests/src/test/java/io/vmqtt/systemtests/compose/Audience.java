package io.vmqtt.systemtests.compose;

import static org.awaitility.Awaitility.await;

import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.raw.RawPacket;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Clients that listen to a topic on which a {@link Pulse} publishes, and that come back as soon as
 * they are let. What matters to them is how long they hear nothing.
 */
final class Audience implements AutoCloseable {
  private static final long PAUSE_BEFORE_RETURN_MILLIS = 100;
  private static final Duration ADMISSION_PATIENCE = Duration.ofSeconds(30);

  private final Address broker;
  private final ClientSettings.Login login;
  private final String topic;
  private final List<Listener> listeners = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Audience(Address broker, ClientSettings.Login login, String topic) {
    this.broker = broker;
    this.login = login;
    this.topic = topic;
  }

  /** One client, on a thread of its own. */
  private final class Listener {
    private final String clientId = Names.client("listener");
    private volatile long heardAtNanos = System.nanoTime();

    void live() {
      try {
        do {
          listen();
        } while (!over.await(PAUSE_BEFORE_RETURN_MILLIS, TimeUnit.MILLISECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void listen() {
      try (RawConnection connection = RawConnection.open(broker)) {
        connection
            .send(Packets.connectAs(clientId, login.user(), login.password()))
            .send(Packets.subscribe(1, topic, 0));
        Optional<RawPacket> packet = connection.readOrEnd();
        while (packet.isPresent() && over.getCount() > 0) {
          if (packet.get().type() == PacketType.PUBLISH) {
            hear();
          }
          packet = connection.readOrEnd();
        }
      } catch (UncheckedIOException e) {
        // Nobody took the connection: the next attempt follows.
      }
    }

    private void hear() {
      heardAtNanos = System.nanoTime();
    }

    boolean hasHeardSince(long nanoTime) {
      return heardAtNanos - nanoTime > 0;
    }
  }

  /** More listeners, who have all heard something when this returns. */
  void grow(int count) {
    for (int i = 0; i < count; i++) {
      Listener listener = new Listener();
      listeners.add(listener);
      threads.execute(listener::live);
    }
    awaitAllHear(ADMISSION_PATIENCE);
  }

  /** Waits until everybody has heard something that came after this call. */
  void awaitAllHear(Duration patience) {
    long since = System.nanoTime();
    await("all " + listeners.size() + " listeners hear something")
        .atMost(patience)
        .until(() -> listeners.stream().allMatch(listener -> listener.hasHeardSince(since)));
  }

  /** Sends them home; the pulse must go on for that. */
  @Override
  public void close() {
    over.countDown();
    threads.close();
  }
}
