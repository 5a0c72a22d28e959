package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.process.ServerProcess;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A broker that may open few files, and has more clients than that. */
class FileLimitIT {
  private static final int LIMIT = 400;
  private static final Pattern AT_MOST = Pattern.compile("at most (\\d+) connections of clients");

  @TempDir private Path folder;
  @RegisterExtension final Clients clients = new Clients();

  private final Address mqtt = Address.local(FreePorts.next());
  private final Address http = Address.local(FreePorts.next());
  private final List<RawConnection> crowd = new ArrayList<>();

  private ServerProcess started(int limit) {
    return ServerProcess.start(
        "standalone",
        List.of("sh", "-c", "ulimit -n " + limit + "; exec \"$@\"", "sh"),
        List.of(
            "standalone",
            "--port",
            String.valueOf(mqtt.port()),
            "--http-port",
            String.valueOf(http.port()),
            "--data",
            folder.resolve("data").toString()),
        folder.resolve("log"));
  }

  @AfterEach
  void leave() {
    crowd.forEach(RawConnection::close);
  }

  @Test
  void connect_moreThanTheLimitAllows_thoseWithinGoOnAndTheStoreWorks() {
    ServerProcess broker = started(LIMIT);
    try {
      broker.awaitReady("it is ready", () -> HttpProbe.isOk(http, "/health/readiness"));
      int most = mostConnections(broker);
      ClientSettings persistent = ClientSettings.of(mqtt, "keeper").withPersistentSession();
      RecordingClient keeper = clients.create(ClientLibrary.HIVEMQ_5, persistent);
      keeper.connect();
      keeper.subscribe("files/#", 1);

      for (int i = 1; i < most; i++) {
        crowd.add(RawConnection.openAnd(mqtt, Packets.connect("within-" + i)));
      }
      for (int i = 0; i < 2 * LIMIT; i++) {
        RawConnection.open(mqtt).send(Packets.connect("beyond-" + i)).awaitClosedSilently();
      }

      for (int i = 1; i <= 100; i++) {
        crowd.getFirst().send(Packets.publish("files/" + i, "m" + i, 1, i)).read();
      }
      keeper.inbox().awaitPayload("m100");
      assertEquals(100, keeper.inbox().payloads().size());
      assertTrue(HttpProbe.isOk(http, "/health"));
      assertTrue(
          HttpProbe.get(http, "/prometheus")
              .contains(
                  "vmqtt_gateway_connections_refused_total{listener=\"default\"} "
                      + (2.0 * LIMIT)));
      assertFalse(
          broker.output().stream().anyMatch(line -> line.startsWith("\tat ")), broker::describe);
    } finally {
      broker.kill();
    }
  }

  @Test
  void start_limitLeavesNoClient_oneLineSaysWhatIsNeeded() {
    ServerProcess broker = started(256);

    assertEquals(1, broker.awaitExit(ServerProcess.START_PATIENCE));
    assertTrue(
        broker.output().getLast().contains("the limit of open files (ulimit -n) is 256"),
        broker::describe);
  }

  private static int mostConnections(ServerProcess broker) {
    Matcher said = AT_MOST.matcher(String.join("\n", broker.output()));
    assertTrue(said.find(), broker::describe);
    int most = Integer.parseInt(said.group(1));
    assertTrue(most > 0 && most < LIMIT, () -> "at most " + most);
    return most;
  }
}
