package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.raw.RawPacket;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a broker says of itself under {@code $SYS}, as users of Mosquitto ask for it. */
class SystemTopicsIT {
  private static final int NOT_AUTHORIZED = 0x87;

  @RegisterExtension
  static final BrokerProcess broker = BrokerProcess.standalone("--sys-interval", "1s");

  @Test
  void mosquittoSub_getsTheFiguresAtOnce() throws Exception {
    Process process =
        started(
            "mosquitto_sub",
            "-h",
            broker.mqtt().host(),
            "-p",
            Integer.toString(broker.mqtt().port()),
            "-t",
            "$SYS/broker/#",
            "--retained-only",
            "-v",
            "-C",
            "10",
            "-W",
            "20");
    List<String> lines = process.inputReader().lines().toList();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), lines::toString);
    assertEquals(10, lines.size(), lines::toString);
    assertTrue(lines.stream().allMatch(line -> line.startsWith("$SYS/broker/")), lines::toString);
  }

  private static Process started(String... command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return Assumptions.abort(command[0] + " cannot be run: " + e.getMessage());
    }
  }

  @Test
  void figuresAndEvents_areHeard_andNobodyPublishesThere() {
    try (RawConnection watcher = RawConnection.openAnd(broker.mqtt(), Packets.connect("w"))) {
      watcher.send(Packets.subscribe(1, "$SYS/broker/#", 1)).read();
      TreeMap<String, String> first = new TreeMap<>();
      RawPacket packet = watcher.read();
      while (packet.isRetained()) {
        first.put(packet.topic(), packet.payload(5));
        packet = watcher.read();
      }
      assertTrue(
          first
              .keySet()
              .containsAll(
                  List.of(
                      "$SYS/broker/version",
                      "$SYS/broker/uptime",
                      "$SYS/broker/clients/connected",
                      "$SYS/broker/clients/maximum",
                      "$SYS/broker/subscriptions/count",
                      "$SYS/broker/publish/messages/received",
                      "$SYS/broker/publish/messages/sent",
                      "$SYS/broker/publish/messages/dropped",
                      "$SYS/broker/load/publish/received/1min",
                      "$SYS/broker/load/publish/sent/15min")),
          first::toString);
      assertTrue(
          String.valueOf(first.get("$SYS/broker/uptime")).matches("\\d+ seconds"), first::toString);

      try (RawConnection pump =
          RawConnection.openAnd(broker.mqtt(), RawConnect.clean(5, "pump/7").encoded())) {
        String connected = awaitTopic(watcher, "$SYS/broker/clients/pump_7/connected");
        assertTrue(connected.contains("\"clientId\":\"pump/7\""), connected);
        pump.send(Packets.publish("$SYS/broker/uptime", "never", 1, 1));
        assertEquals(NOT_AUTHORIZED, pump.read().reasonCode());
      }
      String gone = awaitTopic(watcher, "$SYS/broker/clients/pump_7/disconnected");
      assertTrue(gone.contains("\"reason\":"), gone);
    }
  }

  /** What is said there next; nothing before it is what a client has said. */
  private static String awaitTopic(RawConnection watcher, String topic) {
    while (true) {
      RawPacket packet = watcher.read();
      assertTrue(!packet.payload(5).equals("never"), packet::toString);
      if (packet.topic().equals(topic)) {
        return packet.payload(5);
      }
    }
  }
}
