package io.vmqtt.systemtests.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.PacketBytes;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawClient;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.raw.RawPacket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Some namespaces with small quotas, and one that nobody has said anything about. */
class NamespaceQuotasIT {
  private static final int QUOTA_EXCEEDED = 0x97;
  private static final Address SMALL = Address.local(FreePorts.next());
  private static final Address SLOW_IN = Address.local(FreePorts.next());
  private static final Address SLOW_OUT = Address.local(FreePorts.next());
  private static final Address FREE = Address.local(FreePorts.next());
  private static final String SLOW =
      """
      slow-in: {messages-per-second-in: 20}
      slow-out: {messages-per-second-out: 10}
      """;
  private static final Path FILE = written(temporary(), 3);

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
          "--shards",
          "1",
          "--namespaces",
          FILE.toString(),
          "--listeners",
          "small="
              + SMALL
              + " namespace=small; slow-in="
              + SLOW_IN
              + " namespace=slow-in;"
              + " slow-out="
              + SLOW_OUT
              + " namespace=slow-out; free="
              + FREE
              + " namespace=free");

  private final List<AutoCloseable> open = new ArrayList<>();

  private static Path temporary() {
    try {
      return Files.createTempFile("vmqtt-namespaces-", ".yaml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path written(Path file, int connections) {
    try {
      return Files.writeString(
          file,
          "small: {connections: "
              + connections
              + ", sessions: 4, retained-bytes: 1000, queue-bytes: 2000}\n"
              + SLOW);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void leave() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @AfterAll
  static void deleteFile() throws IOException {
    Files.delete(FILE);
  }

  private static RawPacket answer(Address listener, RawConnect connect) {
    try (RawConnection connection = RawConnection.open(listener)) {
      return connection.send(connect.encoded()).read();
    }
  }

  /** One that is let in as soon as those of the test before have left. */
  private RawConnection connected(Address listener, RawConnect connect) {
    RawConnection[] accepted = new RawConnection[1];
    await()
        .atMost(RawConnection.PATIENCE)
        .until(
            () -> {
              RawConnection connection = RawConnection.open(listener);
              open.add(connection);
              accepted[0] = connection;
              return connection.send(connect.encoded()).read().reasonCode() == 0;
            });
    return accepted[0];
  }

  private static void awaitMetric(String line) {
    await()
        .atMost(RawConnection.PATIENCE)
        .until(() -> HttpProbe.get(broker.http(), "/prometheus").lines().anyMatch(line::equals));
  }

  private static double metric(String series) {
    return HttpProbe.get(broker.http(), "/prometheus")
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void connect_beyondTheConnections_refused_untilTheOperatorAllowsMore() {
    awaitMetric("vmqtt_store_namespace_sessions{namespace=\"small\"} 0.0");
    for (int i = 0; i < 3; i++) {
      connected(SMALL, RawConnect.clean(5, "client-" + i));
    }

    assertEquals(QUOTA_EXCEEDED, answer(SMALL, RawConnect.clean(5, "late")).reasonCode());
    assertEquals(3, answer(SMALL, RawConnect.clean(4, "late")).reasonCode());
    assertEquals(0, answer(FREE, RawConnect.clean(5, "late")).reasonCode());
    assertEquals(3.0, metric("vmqtt_gateway_namespace_connections{namespace=\"small\"}"));
    assertTrue(
        metric("vmqtt_gateway_namespace_refused_total{namespace=\"small\",quota=\"connections\"}")
            >= 2);
    written(FILE, 4);
    try {
      connected(SMALL, RawConnect.clean(5, "late"));
    } finally {
      written(FILE, 3);
    }
    await()
        .atMost(RawConnection.PATIENCE)
        .until(
            () -> HttpProbe.get(broker.http(), "/cluster/status").contains("\"connections\":3,"));
  }

  @Test
  void connect_beyondTheSessions_refused_butTheirOwnersComeBack() throws Exception {
    awaitMetric("vmqtt_store_namespace_sessions{namespace=\"small\"} 0.0");
    for (int i = 0; i < 4; i++) {
      connected(SMALL, RawConnect.kept(5, "kept-" + i)).send(Packets.disconnect()).close();
    }
    awaitMetric("vmqtt_gateway_namespace_connections{namespace=\"small\"} 0.0");

    assertEquals(QUOTA_EXCEEDED, answer(SMALL, RawConnect.clean(5, "one-more")).reasonCode());
    assertEquals(0, answer(FREE, RawConnect.clean(5, "one-more")).reasonCode());
    assertTrue(answer(SMALL, RawConnect.kept(5, "kept-3")).sessionPresent());

    for (int i = 0; i < 4; i++) {
      connected(SMALL, RawConnect.clean(5, "kept-" + i)).send(Packets.disconnect()).close();
    }
    awaitMetric("vmqtt_store_namespace_sessions{namespace=\"small\"} 0.0");
  }

  private static byte[] retained(String topic, int bytes, int qos, int packetId) {
    return new PacketBytes()
        .string(topic)
        .twoBytes(packetId)
        .properties(new PacketBytes())
        .raw("x".repeat(bytes).getBytes(StandardCharsets.UTF_8))
        .packet(0x31 | qos << 1);
  }

  /** Whether somebody has subscribed to it or not. */
  private static void assertTaken(RawPacket pubAck) {
    assertTrue(pubAck.reasonCode() < 0x80, pubAck::toString);
  }

  @Test
  void publish_beyondTheRetainedBytes_refused_untilThereIsRoom() {
    RawConnection small = connected(SMALL, RawConnect.clean(5, "keeper"));
    assertTaken(small.send(retained("a", 600, 1, 1)).read());

    assertEquals(QUOTA_EXCEEDED, small.send(retained("b", 600, 1, 2)).read().reasonCode());
    RawPacket pubRec = small.send(retained("b", 600, 2, 3)).read();
    assertEquals(PacketType.PUBREC, pubRec.type());
    assertEquals(QUOTA_EXCEEDED, pubRec.reasonCode());
    RawConnection free = connected(FREE, RawConnect.clean(5, "keeper"));
    for (int i = 1; i <= 3; i++) {
      assertTaken(free.send(retained("t" + i, 600, 1, i)).read());
      assertTaken(free.send(retained("t" + i, 0, 1, i)).read());
    }

    assertTaken(small.send(retained("a", 0, 1, 4)).read());
    assertTaken(small.send(retained("b", 600, 1, 5)).read());
    assertTaken(small.send(retained("b", 0, 1, 6)).read());
  }

  /** Three messages fit, and it is the last three that are left. */
  @ParameterizedTest
  @CsvSource({"true,3", "false,5"})
  void publish_beyondTheQueueBytes_oldestGo(boolean isSmall, int left) throws Exception {
    Address listener = isSmall ? SMALL : FREE;
    RawConnection away = connected(listener, RawConnect.kept(5, "away"));
    away.send(Packets.subscribe(1, "queue", 1)).read();
    away.send(Packets.disconnect()).close();
    RawConnection publisher = connected(listener, RawConnect.clean(5, "publisher"));
    String payload = "x".repeat(499);
    for (int i = 1; i <= 5; i++) {
      assertEquals(
          0, publisher.send(Packets.publish("queue", i + payload, 1, i)).read().reasonCode());
    }

    RawClient back = RawConnect.kept(5, "away").open(listener);
    open.add(back);

    for (int i = 6 - left; i <= 5; i++) {
      assertEquals(i + payload, back.receivePayload());
    }
    back.disconnect();
    connected(listener, RawConnect.clean(5, "away")).send(Packets.disconnect());
  }

  @Test
  void publish_beyondTheRateInMqtt5_refused() {
    RawConnection client = connected(SLOW_IN, RawConnect.clean(5, "hasty"));
    List<Integer> answers = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      client.send(Packets.publish("t", "x", 1, i));
    }
    for (int i = 1; i <= 100; i++) {
      answers.add(client.read().reasonCode());
    }

    assertTrue(Collections.frequency(answers, QUOTA_EXCEEDED) > 0, answers::toString);
    RawConnection free = connected(FREE, RawConnect.clean(5, "hasty"));
    for (int i = 1; i <= 100; i++) {
      free.send(Packets.publish("t", "x", 1, i));
    }
    for (int i = 1; i <= 100; i++) {
      assertEquals(PacketType.PUBACK, free.read().type());
    }
  }

  /** There is no word for it: it takes as long as it takes. */
  @Test
  void publish_beyondTheRateInMqtt3_waits() {
    RawConnection client = connected(SLOW_IN, RawConnect.clean(4, "hasty"));
    long startNanos = System.nanoTime();
    for (int i = 1; i <= 60; i++) {
      client.send(new PacketBytes().string("t").twoBytes(i).bytes('x').packet(0x32));
    }
    for (int i = 1; i <= 60; i++) {
      assertEquals(i, client.read().packetId());
    }

    Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
    assertTrue(took.compareTo(Duration.ofSeconds(2)) >= 0, took::toString);
  }

  @Test
  void deliver_beyondTheRate_qos0IsDropped_theRestComesLater() {
    RawClient subscriber = RawConnect.clean(5, "subscriber").open(SLOW_OUT);
    open.add(subscriber);
    subscriber.subscribe("slow/#", 1);
    RawClient publisher = RawConnect.clean(5, "publisher").open(SLOW_OUT);
    open.add(publisher);

    for (int i = 1; i <= 30; i++) {
      publisher.publish("slow/sure", "sure " + i, 1);
    }
    for (int i = 1; i <= 30; i++) {
      assertEquals("sure " + i, subscriber.receivePayload());
    }
    for (int i = 1; i <= 100; i++) {
      publisher.publish("slow/maybe", "maybe " + i, 0);
    }
    publisher.publish("slow/sure", "end", 1);

    int maybe = 0;
    while (!subscriber.receivePayload().equals("end")) {
      maybe++;
    }
    assertTrue(maybe < 100, "all of them came");
    assertEquals(
        100.0 - maybe,
        metric(
            "vmqtt_gateway_namespace_refused_total"
                + "{namespace=\"slow-out\",quota=\"messages-per-second-out\"}"));
  }
}
