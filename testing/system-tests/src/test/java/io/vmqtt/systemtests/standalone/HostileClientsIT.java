package io.vmqtt.systemtests.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.PacketBytes;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.raw.RawPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that want too much, each against its bound, and somebody beside them who is served. */
class HostileClientsIT {
  private static final int PER_SECOND = 50;
  private static final int MOST_SUBSCRIPTIONS = 100;

  /** As long as they come; the slow test has them do so for a minute. */
  private static final int CONNECTS_PER_MINUTE = 100_000;

  /** At how many threads they come: one would be kept from it by each connection in turn. */
  private static final int FLOODERS = 4;

  /** Whoever comes beside them does not come too fast himself. */
  private static final Duration BETWEEN_OTHERS = Duration.ofMillis(100);

  private static final int LONGEST_TOPIC = 65_535;
  private static final int GRANTED = 1;

  /** A thousand packets each. */
  private static final int FLOOD = 500;

  /** What a client of these may make the broker hold: a fraction of its memory of 256 MiB. */
  private static final int MOST_WAITING = 70 << 20;

  private static final int USER_PROPERTIES = 50_000;
  private static final int PUBLISHES_WITH_PROPERTIES = 50;
  private static final int HUGE_CONNECTS = 40;
  private static final int TOPIC_FILTER_INVALID = 0x8F;
  private static final int TOPIC_NAME_INVALID = 0x90;
  private static final int QUOTA_EXCEEDED = 0x97;

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
              "--max-address-connect-rate",
              Integer.toString(PER_SECOND),
              "--max-subscriptions",
              Integer.toString(MOST_SUBSCRIPTIONS),
              "--max-packet-size",
              "4M")
          .withJavaOptions("-Xmx256m");

  private @Nullable Bystander bystander;
  private @Nullable PeakMemory memory;

  @BeforeEach
  void somebodyElse() throws IOException {
    memory = new PeakMemory(broker.process().pid());
    bystander = new Bystander(broker.mqtt());
  }

  @AfterEach
  void isServed() throws IOException {
    Objects.requireNonNull(bystander).close();
    await("what they held is let go").until(() -> waiting() < 1 << 20);
    assertFalse(broker.process().describe().contains("OutOfMemoryError"));
    Objects.requireNonNull(memory).assertBounded();
  }

  /** At the rate of 100,000 a minute, for six seconds. */
  @Test
  void connects_ofOneAddressByTheThousand_areClosedAndOthersComeIn() throws Exception {
    flood(CONNECTS_PER_MINUTE / 10, Duration.ofSeconds(6));
  }

  @Tag("slow")
  @Test
  void connects_ofOneAddressForAMinute_areClosedAndOthersComeIn() throws Exception {
    flood(CONNECTS_PER_MINUTE, Duration.ofMinutes(1));
  }

  /** So many connects, evenly over that time where the machine can, and somebody who comes then. */
  private static void flood(int connects, Duration time) throws Exception {
    String tooFast = "connections_too_fast_total{listener=\"default\",of=\"address\"}";
    double before = metric(tooFast);
    long from = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> flooders = new ArrayList<>();
      for (int i = 0; i < FLOODERS; i++) {
        flooders.add(
            threads.submit(
                () -> {
                  connectAgainAndAgain(connects / FLOODERS, time);
                  return null;
                }));
      }
      while (flooders.stream().anyMatch(one -> !one.isDone())) {
        try (Socket other = Bystander.comeFromElsewhere(broker.mqtt())) {
          other.getOutputStream().write(Packets.connect(Names.client("other")));
          assertEquals(0x20, other.getInputStream().read());
        }
        LockSupport.parkNanos(BETWEEN_OTHERS.toNanos());
      }
      for (Future<?> one : flooders) {
        one.get();
      }
    }
    double seconds = (System.nanoTime() - from) / (double) Duration.ofSeconds(1).toNanos();
    System.out.printf("%d connects in %.1f s%n", connects, seconds);
    double allowed = PER_SECOND * (seconds + 1) + 1;
    await(connects + " connects in " + seconds + " s, and all but " + allowed + " were closed")
        .until(() -> metric(tooFast) - before >= connects - allowed);
  }

  private static void connectAgainAndAgain(int times, Duration time) throws IOException {
    long from = System.nanoTime();
    for (int i = 0; i < times; i++) {
      LockSupport.parkNanos(from + time.toNanos() * i / times - System.nanoTime());
      Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), broker.mqtt().port());
      socket.setSoLinger(true, 0); // else the machine would run out of ports
      socket.close();
    }
  }

  @Test
  void topics_ofAMillionLevels_areRefusedAndKeepNothing() {
    String deep = "/".repeat(LONGEST_TOPIC);
    try (RawConnection client = connected("deep")) {
      int filters = 16;
      PacketBytes subscribe = new PacketBytes().twoBytes(7).noProperties();
      IntStream.range(0, filters).forEach(i -> subscribe.string(deep).bytes(1));
      double before = metric("beyond_bounds_total{bound=\"topic\"}");

      client.send(subscribe.packet(0x82));

      RawPacket answer = client.read();
      assertEquals(PacketType.SUBACK, answer.type());
      assertEquals(TOPIC_FILTER_INVALID, answer.reasonCode());
      client.send(Packets.publish(deep, "x", 1, 8));
      assertEquals(TOPIC_NAME_INVALID, client.read().reasonCode());
      assertEquals(filters + 1, metric("beyond_bounds_total{bound=\"topic\"}") - before);
    }
  }

  @Test
  void subscribe_withoutEnd_isRefusedFromItsBoundOn() {
    try (RawConnection client = connected("greedy")) {
      double before = metric("beyond_bounds_total{bound=\"subscriptions\"}");
      for (int i = 1; i <= 20 * MOST_SUBSCRIPTIONS; i++) {
        client.send(Packets.subscribe(i, "greedy/" + i + "/#", 1));
        RawPacket answer = client.read();
        assertEquals(i <= MOST_SUBSCRIPTIONS ? GRANTED : QUOTA_EXCEEDED, answer.reasonCode());
      }
      assertEquals(
          19 * MOST_SUBSCRIPTIONS, metric("beyond_bounds_total{bound=\"subscriptions\"}") - before);
    }
  }

  @Test
  void packet_largerThanAllowed_endsTheConnection() {
    try (RawConnection client = connected("large")) {
      double before = metric("beyond_bounds_total{bound=\"packet-size\"}");

      client.send(new byte[] {0x30, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F});

      assertEquals(0x95, client.read().reasonCode());
      assertEquals(1, metric("beyond_bounds_total{bound=\"packet-size\"}") - before);
    }
  }

  @Test
  void silence_longerThanItsKeepAlive_endsTheConnection() {
    double before = metric("beyond_bounds_total{bound=\"keep-alive\"}");
    try (RawConnection client =
        RawConnection.openAnd(
            broker.mqtt(), Packets.connectWithKeepAlive(Names.client("silent"), 1))) {
      assertEquals(0x8D, client.read().reasonCode());
    }
    assertEquals(1, metric("beyond_bounds_total{bound=\"keep-alive\"}") - before);
  }

  /** Nobody reads the answers: what they take is bounded by not reading on. */
  @ParameterizedTest
  @CsvSource({
    "PUBREL, 62020007",
    "PINGREQ, c000",
    "PUBREC, 50020007",
    "PUBACK, 40020007",
    "PUBCOMP, 70020007",
    "UNSUBSCRIBE, a2080007000003612f62"
  })
  void packets_withoutEndAndWithoutReading_takeNoMoreThanTheirBound(String what, String hex)
      throws IOException {
    byte[] packet = HexFormat.of().parseHex(hex);
    byte[] many = new byte[packet.length * 1_000];
    IntStream.range(0, many.length).forEach(i -> many[i] = packet[i % packet.length]);
    try (Socket flooding = new Socket(InetAddress.ofLiteral("127.0.0.1"), broker.mqtt().port())) {
      flooding.getOutputStream().write(Packets.connect(Names.client("flood")));
      flooding.getInputStream().skipNBytes(2);

      long sent = sendUntilNobodyReads(flooding, many);

      assertTrue(sent > 0, what);
      assertTrue(waiting() < MOST_WAITING, () -> waiting() + " bytes wait");
    }
  }

  /** All of it, or as much as is taken within a second: then the broker reads no more. */
  private static long sendUntilNobodyReads(Socket to, byte[] many) throws IOException {
    AtomicLong sent = new AtomicLong();
    Thread sender =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < FLOOD; i++) {
                      to.getOutputStream().write(many);
                      sent.incrementAndGet();
                    }
                  } catch (IOException e) {
                    // It was closed, which is an answer, too.
                  }
                });
    long before = -1;
    while (sender.isAlive() && sent.get() != before) {
      before = sent.get();
      join(sender);
    }
    return sent.get();
  }

  private static void join(Thread sender) {
    try {
      sender.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts", e);
    }
  }

  /** Each is five bytes, and far more in memory. */
  @Test
  void userProperties_withoutEnd_countForWhatTheyTake() throws IOException {
    String topic = Names.topic();
    PacketBytes properties = new PacketBytes();
    IntStream.range(0, USER_PROPERTIES)
        .forEach(i -> properties.bytes(0x26).twoBytes(0).twoBytes(0));
    byte[] publish =
        new PacketBytes().string(topic).twoBytes(7).properties(properties).packet(0x32);
    double before = metric("slow_clients_total");
    try (RawConnection reader =
            RawConnection.openAnd(
                broker.mqtt(), Packets.connectWithReceiveMaximum(Names.client("reader"), 1));
        RawConnection publisher = connected("properties")) {
      reader.send(Packets.subscribe(1, topic, 1));
      assertEquals(GRANTED, reader.read().reasonCode());
      for (int i = 0;
          i < PUBLISHES_WITH_PROPERTIES && metric("slow_clients_total") == before;
          i++) {
        publisher.send(publish);
        assertEquals(PacketType.PUBACK, publisher.read().type());
        assertTrue(waiting() < MOST_WAITING, () -> waiting() + " bytes wait");
      }
      assertEquals(1, metric("slow_clients_total") - before, "it falls behind by them");
    }
  }

  @Test
  void connect_hugeWillAndPassword_isTakenWithinThePacketSizeAndRefusedBeyond() {
    byte[] will = new byte[LONGEST_TOPIC];
    String password = "p".repeat(LONGEST_TOPIC);
    PacketBytes connect =
        new PacketBytes()
            .string("MQTT")
            .bytes(5, 0xC6)
            .twoBytes(60)
            .noProperties()
            .string(Names.client("huge"))
            .noProperties()
            .string("will")
            .twoBytes(will.length)
            .raw(will)
            .string("user")
            .string(password);
    for (int i = 0; i < HUGE_CONNECTS; i++) {
      try (RawConnection client = RawConnection.openAnd(broker.mqtt(), connect.packet(0x10))) {
        client.send(Packets.disconnect());
      }
    }
    try (RawConnection client = RawConnection.open(broker.mqtt())) {
      client.send(connect.packet(0x10, 200 << 20));
      client.awaitClosedSilently(); // what it speaks is not known yet
    }
  }

  private static RawConnection connected(String name) {
    return RawConnection.openAnd(broker.mqtt(), Packets.connect(Names.client(name)));
  }

  /** What the broker holds for all clients. */
  private static double waiting() {
    return metric("waiting_bytes");
  }

  /** The value of a metric of the gateway. */
  private static double metric(String nameAndTags) {
    String start = "vmqtt_gateway_" + nameAndTags + " ";
    return HttpProbe.get(broker.http(), "/prometheus")
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
        .findFirst()
        .orElseThrow();
  }
}
