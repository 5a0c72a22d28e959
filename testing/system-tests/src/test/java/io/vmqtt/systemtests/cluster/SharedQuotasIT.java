package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.process.ClusterNode;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/** A quota is for the whole cluster: gateways have equal parts of it, and hear of it by Consul. */
class SharedQuotasIT {
  private static final String SMALL = "small";
  private static final int QUOTA_EXCEEDED = 0x97;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Path FILE = saying(temporary(), 4);

  @RegisterExtension
  static final ClusterProcesses cluster =
      ClusterProcesses.of(1, 1, 2)
          .withNamespaces(SMALL)
          .withRegistryOptions("--namespaces", FILE.toString());

  private final List<RawConnection> open = new ArrayList<>();
  private int lastClient;

  private static Path temporary() {
    try {
      return Files.createTempFile("vmqtt-namespaces-", ".yaml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path saying(Path file, int connections) {
    try {
      return Files.writeString(file, SMALL + ": {connections: " + connections + "}");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void leave() {
    open.forEach(RawConnection::close);
    open.clear();
  }

  @AfterAll
  static void deleteFile() throws IOException {
    Files.delete(FILE);
  }

  private int connect(Address gateway) {
    RawConnection connection = RawConnection.open(gateway);
    open.add(connection);
    RawConnect connect = RawConnect.clean(5, "client-" + ++lastClient);
    return connection.send(connect.encoded()).read().reasonCode();
  }

  /** Waits until of several that come anew so many are let in, and the next is told why not. */
  private void awaitRoomFor(int clients, Address gateway) {
    List<Integer> wanted = new ArrayList<>(Collections.nCopies(clients, 0));
    wanted.add(QUOTA_EXCEEDED);
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              leave();
              return wanted.stream().map(_ -> connect(gateway)).toList().equals(wanted);
            });
  }

  @Test
  void connect_severalGateways_eachTakesItsPart_andTheWholeWhenItIsAlone() {
    ClusterNode first = cluster.all(Kind.GATEWAY).getFirst();
    ClusterNode second = cluster.all(Kind.GATEWAY).getLast();
    awaitRoomFor(2, first.mqtt(SMALL));
    awaitRoomFor(2, second.mqtt(SMALL));
    assertEquals(0, connect(second.mqtt()), "nobody has said anything about the nameless one");
    assertEquals(4, cluster.status().at("/namespaces/all/small/quotas/connections").asInt());

    second.process().stop();

    awaitRoomFor(4, first.mqtt(SMALL));

    // What is said while there is no registry is in force when one is back.
    ClusterNode registry = cluster.all(Kind.REGISTRY).getFirst();
    registry.process().stop();
    saying(FILE, 5);
    registry.start();

    awaitRoomFor(5, first.mqtt(SMALL));
  }
}
