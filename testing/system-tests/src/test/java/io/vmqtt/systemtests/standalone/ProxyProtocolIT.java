package io.vmqtt.systemtests.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.servers.HaproxyProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener behind a proxy: whose address the log tells. */
class ProxyProtocolIT {
  private static final Address PROXIED = Address.local(FreePorts.next());
  private static final Address FOREIGN = Address.local(FreePorts.next());

  private static final Address PROVEN = Address.local(FreePorts.next());

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
          "--log-connections",
          "--listeners",
          "proxied=%s allow-anonymous=true proxy-protocol-from=127.0.0.0/8; foreign=%s allow-anonymous=true proxy-protocol-from=192.0.2.0/24;"
                  .formatted(PROXIED, FOREIGN)
              + "proven=%s proxy-protocol-from=127.0.0.0/8 proxy-certificate-users=true client-ids=%%u"
                  .formatted(PROVEN));

  @Test
  void header_ofAProxy_itsAddressIsInTheLog() {
    try (RawConnection connection = RawConnection.openAnd(PROXIED, withHeader("behind"))) {
      awaitLine("client 'behind' at /192.0.2.77:60000 connected");
      connection.send(new byte[] {(byte) 0xC0, 0});
      assertEquals(PacketType.PINGRESP, connection.read().type());
    }
  }

  /** A real proxy, by both versions of the protocol: the client's own port tells that it is its. */
  @ParameterizedTest
  @ValueSource(strings = {"send-proxy", "send-proxy-v2"})
  void client_behindHaproxy_itsOwnAddressIsInTheLog(String version, @TempDir Path folder)
      throws IOException {
    Address front = Address.local(FreePorts.next());
    String config =
        "frontend mqtt\n  bind %s\n  default_backend gateways\nbackend gateways\n  server gateway %s %s\n"
            .formatted(front, PROXIED, version);
    try (HaproxyProcess _ = HaproxyProcess.start(folder, config, front);
        Socket client = Bystander.comeFromElsewhere(front)) {
      client.getOutputStream().write(Packets.connect(version));

      assertEquals(0x20, client.getInputStream().read());
      awaitLine("client '" + version + "' at /127.0.0.2:" + client.getLocalPort() + " connected");
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

  /** Its client id has to be its user name, which is the one that the proxy says. */
  @Test
  void header_withAVerifiedCertificate_itsCommonNameIsTheUser() {
    assertEquals(0, connack(withCertificate("pump-7", 0), "pump-7"));
    assertEquals(0x85, connack(withCertificate("pump-7", 0), "pump-8"), "it is another's");
    assertEquals(0x87, connack(withCertificate("pump-7", 1), "pump-7"), "it was not verified");
  }

  /** The reason code that a client with such a header gets. */
  private static int connack(byte[] header, String clientId) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header);
    out.writeBytes(Packets.connect(clientId));
    try (RawConnection connection = RawConnection.open(PROVEN)) {
      return connection.send(out.toByteArray()).read().reasonCode();
    }
  }

  /** Of version 2. */
  private static byte[] withCertificate(String commonName, int verify) {
    byte[] name = commonName.getBytes(StandardCharsets.UTF_8);
    ByteBuffer header =
        ByteBuffer.allocate(16 + 12 + 3 + 5 + 3 + name.length)
            .put(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111"))
            .putShort((short) (12 + 3 + 5 + 3 + name.length))
            .put(HexFormat.of().parseHex("c000024d" + "c0000201" + "ea60075b"))
            .put((byte) 0x20)
            .putShort((short) (5 + 3 + name.length))
            .put((byte) 0x07)
            .putInt(verify)
            .put((byte) 0x22)
            .putShort((short) name.length)
            .put(name);
    return header.array();
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
