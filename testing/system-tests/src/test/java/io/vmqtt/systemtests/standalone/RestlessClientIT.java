package io.vmqtt.systemtests.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawConnection;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client that comes and goes without end, where it is said how often is too often. */
class RestlessClientIT {
  private static final int USUAL = 20;
  private static final Duration HELD = Duration.ofSeconds(5);
  private static final int BANNED = 0x8A;
  private static final int NOT_AUTHORIZED_BEFORE_MQTT_5 = 5;

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
          "--hold-off",
          HELD.toSeconds() + "s",
          "--hold-off-window",
          "1h", // nothing is forgiven while the test lasts
          "--hold-off-client-connects",
          Integer.toString(USUAL),
          "--hold-off-except",
          "192.0.2.0/24");

  private static int connect(int version, String clientId) {
    try (RawConnection connection = RawConnection.open(broker.mqtt())) {
      return connection.send(RawConnect.clean(version, clientId).encoded()).read().reasonCode();
    }
  }

  private static int connectFromElsewhere(String clientId) throws IOException {
    try (Socket other = Bystander.comeFromElsewhere(broker.mqtt())) {
      other.getOutputStream().write(RawConnect.clean(5, clientId).encoded());
      return other.getInputStream().readNBytes(4)[3] & 0xFF;
    }
  }

  @Test
  void connect_moreOftenThanUsual_isHeldOffThereAloneAndComesInAgainLater() throws IOException {
    String restless = Names.client("restless");
    for (int i = 0; i < USUAL; i++) {
      assertEquals(0, connect(5, restless));
    }

    assertEquals(BANNED, connect(5, restless));
    assertEquals(NOT_AUTHORIZED_BEFORE_MQTT_5, connect(4, restless));
    assertEquals(0, connect(5, Names.client("calm")));
    assertEquals(0, connectFromElsewhere(restless));
    assertTrue(
        HttpProbe.get(broker.http(), "/prometheus").contains("vmqtt_gateway_held_off_total 1.0"));
    await("asked so seldom that it does not come too often again")
        .pollDelay(HELD)
        .pollInterval(HELD.dividedBy(2))
        .atMost(HELD.multipliedBy(6))
        .until(() -> connect(5, restless) == 0);
  }
}
