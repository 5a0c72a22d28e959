package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.PacketBytes;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.raw.RawPacket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A small broker beside clients that read nothing, or a byte per second, of every kind of session,
 * while publishers send them messages of the largest size. Every newcomer has to be served
 * meanwhile. That nobody waits longer than a second is asked of a round of some minutes alone,
 * {@code -Dvmqtt.slow.seconds=600}, on a machine that does nothing else: in the build, what else
 * the machine does would be measured.
 */
@Tag("slow")
class SlowClientsIT {
  private static final int SECONDS = Integer.getInteger("vmqtt.slow.seconds", 60);
  private static final int LONG_ROUND_SECONDS = 300;
  private static final int CLIENTS = 200;
  private static final int RETAINED = 20;
  private static final int PUBLISHERS = 2;
  private static final int MESSAGE_BYTES = 1_000_000;
  private static final int PING_SECONDS = 5;
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  @RegisterExtension
  static final BrokerProcess broker = BrokerProcess.standalone().withJavaOptions("-Xmx256m");

  private final String root = Names.topic();
  private final List<SlowClient> slow = new ArrayList<>();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  void publish_toManyThatDoNotRead_everyNewcomerIsServed() throws Exception {
    retain();
    List<Duration> served = new ArrayList<>();
    try (ScheduledExecutorService threads = Executors.newScheduledThreadPool(PUBLISHERS + 2)) {
      connectSlowClients();
      var _ = threads.scheduleWithFixedDelay(this::readBytes, 1, 1, TimeUnit.SECONDS);
      var _ =
          threads.scheduleWithFixedDelay(this::ping, PING_SECONDS, PING_SECONDS, TimeUnit.SECONDS);
      for (int i = 0; i < PUBLISHERS; i++) {
        int number = i;
        threads.execute(() -> publish(number));
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      while (System.nanoTime() < end && failures.isEmpty()) {
        served.add(serveNewcomer());
      }
      over.set(true);
    }
    for (SlowClient client : slow) {
      client.close();
    }
    assertEquals(List.of(), List.copyOf(failures));
    assertTrue(broker.process().isRunning());
    assertFalse(broker.process().describe().contains("OutOfMemoryError"));
    long late = served.stream().filter(time -> time.compareTo(AT_ONCE) > 0).count();
    String seen =
        late
            + " of "
            + served.size()
            + " newcomers waited longer than "
            + AT_ONCE
            + ", "
            + served.stream().max(Duration::compareTo).orElseThrow()
            + " at the most; "
            + acknowledged
            + " messages were acknowledged";
    System.out.println(seen);
    assertTrue(acknowledged.get() > 0, seen);
    if (SECONDS >= LONG_ROUND_SECONDS) {
      assertTrue(late <= served.size() / 100, seen); // what the machine does beside it
    }
  }

  private void retain() {
    try (RawConnection publisher =
        RawConnection.openAnd(broker.mqtt(), Packets.connect(Names.client("retainer")))) {
      for (int i = 1; i <= RETAINED; i++) {
        publisher.send(largePublish("kept/" + i, 0x33, i));
        assertEquals(PacketType.PUBACK, publisher.read().type());
      }
    }
  }

  private void connectSlowClients() throws IOException {
    SlowClient.Kind[] kinds = SlowClient.Kind.values();
    for (int i = 0; i < CLIENTS; i++) {
      List<String> filters = new ArrayList<>(List.of(root + "/all", root + "/own/" + i));
      if (i % 3 == 0) {
        filters.add(root + "/kept/#");
      }
      SlowClient client =
          new SlowClient(broker.mqtt(), Names.client("slow" + i), kinds[i % kinds.length], filters);
      client.connect();
      slow.add(client);
    }
  }

  private void readBytes() {
    for (int i = 0; i < CLIENTS; i += 2) {
      SlowClient client = slow.get(i);
      try {
        client.readByte();
      } catch (IOException e) {
        // it is thrown out, and comes back with its next ping
      }
    }
  }

  private void ping() {
    for (SlowClient client : slow) {
      try {
        client.ping();
      } catch (IOException | RuntimeException e) {
        failures.add(e);
      }
    }
  }

  private void publish(int number) {
    try (RawConnection publisher =
        RawConnection.openAnd(broker.mqtt(), Packets.connect(Names.client("publisher")))) {
      for (int i = number; !over.get(); i += PUBLISHERS) {
        String topic = i % 4 == 0 ? "all" : "own/" + i % CLIENTS;
        publisher.send(largePublish(topic, 0x32, i % 60_000 + 1));
        RawPacket answer = publisher.read();
        assertEquals(PacketType.PUBACK, answer.type());
        acknowledged.incrementAndGet();
      }
    } catch (AssertionError | RuntimeException e) {
      failures.add(e);
    }
  }

  private byte[] largePublish(String topic, int firstByte, int packetId) {
    return new PacketBytes()
        .string(root + '/' + topic)
        .twoBytes(packetId)
        .noProperties()
        .raw(new byte[MESSAGE_BYTES])
        .packet(firstByte);
  }

  /** A client that does everything once; how long that took. */
  private Duration serveNewcomer() {
    long start = System.nanoTime();
    String topic = Names.topic();
    try (RawConnection newcomer =
        RawConnection.openAnd(broker.mqtt(), Packets.connect(Names.client("newcomer")))) {
      newcomer.send(Packets.subscribe(1, topic, 1));
      assertEquals(PacketType.SUBACK, newcomer.read().type());
      newcomer.send(Packets.publish(topic, "hello", 1, 2));
      List<PacketType> answers = List.of(newcomer.read().type(), newcomer.read().type());
      assertTrue(answers.contains(PacketType.PUBLISH) && answers.contains(PacketType.PUBACK));
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
