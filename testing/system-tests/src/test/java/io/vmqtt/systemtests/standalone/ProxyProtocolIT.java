package io.vmqtt.systemtests.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A listener behind a proxy: whose address the log tells. */
class ProxyProtocolIT {
  private static final Address PROXIED = Address.local(FreePorts.next());
  private static final Address FOREIGN = Address.local(FreePorts.next());

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
          "--log-connections",
          "--listeners",
          "proxied=%s allow-anonymous=true proxy-protocol-from=127.0.0.0/8; foreign=%s allow-anonymous=true proxy-protocol-from=192.0.2.0/24"
              .formatted(PROXIED, FOREIGN));

  @Test
  void header_ofAProxy_itsAddressIsInTheLog() {
    try (RawConnection connection = RawConnection.openAnd(PROXIED, withHeader("behind"))) {
      awaitLine("client 'behind' at /192.0.2.77:60000 connected");
      connection.send(new byte[] {(byte) 0xC0, 0});
      assertEquals(PacketType.PINGRESP, connection.read().type());
    }
  }

  @Test
  void client_ofNoProxy_needsNoHeaderAndIsNotBelieved() {
    try (RawConnection plain = RawConnection.openAnd(FOREIGN, Packets.connect("plain"));
        RawConnection liar = RawConnection.open(FOREIGN)) {
      awaitLine("client 'plain' at /127.0.0.1:");
      plain.send(new byte[] {(byte) 0xC0, 0});
      assertEquals(PacketType.PINGRESP, plain.read().type());

      liar.send(withHeader("liar".repeat(20))).awaitClosedSilently();
    }
  }

  private static byte[] withHeader(String clientId) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        "PROXY TCP4 192.0.2.77 192.0.2.1 60000 1883\r\n".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(Packets.connect(clientId));
    return out.toByteArray();
  }

  private static void awaitLine(String part) {
    await().until(() -> broker.process().output().stream().anyMatch(line -> line.contains(part)));
  }
}
