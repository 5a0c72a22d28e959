package io.vmqtt.systemtests.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vmqtt.testcontainers.VMqttContainer;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** What those get who test their clients with the image. */
class VMqttContainerIT {
  private static DockerImageName image = DockerImageName.parse("none");

  /** By mosquitto_passwd. */
  private static final String CORRECT_HORSE =
      "$7$101$AAECAwQFBgcICQoL$lp0Cm29zl+CI/RXyXDKvLye7OxM3OuE6RMzgXTX/f3imS/"
          + "pFh2Ur7yarLDpKRUKpB0tOj6l0UrRv41zqxmD4tg==";

  @BeforeAll
  static void build() {
    String missing = DockerCompose.missing();
    assumeTrue(missing.isEmpty(), missing);
    image = DockerImageName.parse(ComposeCluster.buildImage());
  }

  private static Address mqtt(VMqttContainer broker) {
    return new Address(broker.getHost(), broker.mqttPort());
  }

  @Test
  void start_servesAsItWasTold() {
    try (VMqttContainer broker = new VMqttContainer(image).withOption("max-packet-size", "1k")) {
      broker.start();

      Address http = new Address(broker.http().getHost(), broker.http().getPort());
      assertTrue(HttpProbe.isOk(http, "/health/readiness"));
      RawConnection client = RawConnection.open(mqtt(broker));
      client.send(Packets.connect("told"));
      assertEquals(PacketType.CONNACK, client.read().type());
      client.send(Packets.publish("a", "too long".repeat(200)));
      assertEquals(PacketType.DISCONNECT, client.read().type(), "the packet is too large");
    }
  }

  @Test
  void withPasswords_letsNobodyInWithoutOne(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("passwords"), "anna:" + CORRECT_HORSE + "\n");
    try (VMqttContainer broker =
        new VMqttContainer(image).withPasswords(MountableFile.forHostPath(file, 0644))) {
      broker.start();

      assertFalse(RawConnection.isAcceptedBy(mqtt(broker)));
      RawConnection anna =
          RawConnection.open(mqtt(broker))
              .send(Packets.connectAs("known", "anna", "correct horse"));
      assertEquals(0, anna.read().reasonCode());
    }
  }
}
