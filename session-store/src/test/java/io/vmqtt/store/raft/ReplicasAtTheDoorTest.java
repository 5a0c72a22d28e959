package io.vmqtt.store.raft;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.identity.Doorstep;
import io.vmqtt.store.log.ReplayDebt;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.net.SilentCallers;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Before a server of Ratis. */
class ReplicasAtTheDoorTest {
  private static final String BEGINNING_OF_HTTP_2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final byte[] EMPTY_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
  private static final int SETTINGS = 4;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final int port = FreePorts.next();
  @TempDir private Path folder;

  private RaftOptions options() {
    return new RaftOptions(
        "store-1",
        folder,
        "127.0.0.1",
        port,
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        1 << 20,
        1_000,
        1 << 20,
        1 << 16);
  }

  private double underWay() {
    return meters.get("vmqtt.cluster.handshakes.under.way").tag("port", "raft").gauge().value();
  }

  private double sentAway() {
    return meters
        .get("vmqtt.cluster.handshakes.refused")
        .tag("reason", "too-many")
        .counter()
        .count();
  }

  @Test
  void call_whileTheDoorIsFullOfSilence_isAnswered() throws Exception {
    try (RaftLogs _ =
        new RaftLogs(options(), new ReplayDebt(Duration.ofHours(1)), null, meters, (_, _) -> {})) {
      List<Socket> silent = SilentCallers.at(port, Doorstep.MOST, Doorstep.MOST_OF_A_SOURCE);
      try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), port)) {
        caller.setSoTimeout((int) Doorstep.PATIENCE.toMillis());
        caller.getOutputStream().write(BEGINNING_OF_HTTP_2.getBytes(US_ASCII));
        caller.getOutputStream().write(EMPTY_SETTINGS);

        assertEquals(SETTINGS, caller.getInputStream().readNBytes(4)[3]);
        assertEquals(1, sentAway());
      } finally {
        for (Socket one : silent) {
          one.close();
        }
      }
      await().until(() -> underWay() == 0);
    }
  }
}
