package io.vmqtt.systemtests.standalone;

import static org.awaitility.Awaitility.await;

import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator who asks for it reads of each client. */
class ConnectionLogIT {
  private static final byte[] DISCONNECT = {(byte) 0xE0, 0};

  @RegisterExtension
  static final BrokerProcess broker = BrokerProcess.standalone("--log-connections");

  @Test
  void connectAndLeave_eachWithItsReason() {
    broker.process();
    RawConnection.openAnd(broker.mqtt(), Packets.connect("polite")).send(DISCONNECT);
    RawConnection.openAnd(broker.mqtt(), Packets.connect311("rude")).cut();
    RawConnection.openAnd(broker.mqtt(), Packets.connect("twice")).send(Packets.connect("twice"));
    RawConnection.openAnd(broker.mqtt(), Packets.connect("two\nlines")).cut();

    awaitLine("client 'polite' at /127.0.0.1:", " connected, MQTT V5");
    awaitLine("client 'polite' at /127.0.0.1:", " is gone, MQTT V5: NORMAL_DISCONNECTION (0x00)");
    awaitLine("client 'rude' at /127.0.0.1:", " is gone, MQTT V3: the connection was lost");
    awaitLine("client 'twice' at /127.0.0.1:", " is gone, MQTT V5: PROTOCOL_ERROR (0x82)");
    awaitLine("client 'two?lines' at /127.0.0.1:", " connected, MQTT V5");
  }

  private static void awaitLine(String start, String end) {
    await()
        .untilAsserted(
            () -> {
              List<String> output = broker.process().output();
              if (output.stream().noneMatch(line -> line.contains(start) && line.endsWith(end))) {
                throw new AssertionError("no '" + start + "..." + end + "' in " + output);
              }
            });
  }
}
