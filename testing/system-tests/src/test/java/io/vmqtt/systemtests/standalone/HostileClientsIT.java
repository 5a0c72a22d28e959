package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that want too much, each against its bound, and somebody beside them who is served. */
class HostileClientsIT {
  private static final int PER_SECOND = 50;
  private static final int MOST_SUBSCRIPTIONS = 100;
  private static final int CONNECTS = 1_500;
  private static final int LONGEST_TOPIC = 65_535;
  private static final int GRANTED = 1;
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

  private Socket bystander = new Socket();

  /** From another address than all the others. */
  @BeforeEach
  void come() throws IOException {
    bystander = fromElsewhere();
    bystander.getOutputStream().write(Packets.connect(Names.client("bystander")));
    assertEquals(0x20, bystander.getInputStream().read());
    bystander.getInputStream().skipNBytes(bystander.getInputStream().read());
  }

  @AfterEach
  void isServed() throws IOException {
    bystander.getOutputStream().write(Packets.pingReq());
    assertEquals(0xD0, bystander.getInputStream().read());
    bystander.close();
  }

  private static Socket fromElsewhere() throws IOException {
    Socket socket =
        new Socket(
            InetAddress.ofLiteral("127.0.0.1"),
            broker.mqtt().port(),
            InetAddress.ofLiteral("127.0.0.2"),
            0);
    socket.setSoTimeout((int) RawConnection.PATIENCE.toMillis());
    return socket;
  }

  @Test
  void connects_ofOneAddressByTheThousand_areClosedAndOthersComeIn() throws IOException {
    double before = metric("connections_too_fast_total{listener=\"default\",of=\"address\"}");
    long from = System.nanoTime();
    for (int i = 0; i < CONNECTS; i++) {
      new Socket(InetAddress.ofLiteral("127.0.0.1"), broker.mqtt().port()).close();
    }
    try (Socket other = fromElsewhere()) {
      other.getOutputStream().write(Packets.connect(Names.client("other")));
      assertEquals(0x20, other.getInputStream().read());
    }
    double seconds = (System.nanoTime() - from) / (double) Duration.ofSeconds(1).toNanos();

    double closed =
        metric("connections_too_fast_total{listener=\"default\",of=\"address\"}") - before;

    double allowed = PER_SECOND * (seconds + 1) + 1;
    assertTrue(
        closed >= CONNECTS - allowed,
        () -> closed + " of " + CONNECTS + " were closed, in " + seconds + " s");
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

  private static RawConnection connected(String name) {
    return RawConnection.openAnd(broker.mqtt(), Packets.connect(Names.client(name)));
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
