package io.vmqtt.testkit.net;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whether cables carry, and carry nothing when they are pulled. */
class VirtualNetworkTest {
  private static final int NOTHING_LISTENS = 1;

  private final VirtualNetwork network =
      VirtualNetwork.create().orElseGet(() -> abort("it takes Linux, root and iproute2"));
  private final VirtualNetwork.Host first = network.attach();
  private final VirtualNetwork.Host second = network.attach();

  @AfterEach
  void close() {
    network.close();
  }

  /** Who can be reached refuses the connection; from who cannot there is no answer at all. */
  private static boolean reaches(VirtualNetwork.Host from, String to) throws Exception {
    List<String> command = new ArrayList<>(from.launcher());
    command.addAll(
        List.of("timeout", "0.5", "bash", "-c", "exec 3<>/dev/tcp/" + to + "/" + NOTHING_LISTENS));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .contains("refused");
  }

  @Test
  void attach_hosts_reachOneAnotherAndThisMachine() throws Exception {
    assertTrue(reaches(first, second.address()));
    assertTrue(reaches(second, first.address()));
    assertTrue(reaches(first, network.address()));
  }

  @Test
  void unplug_untilPluggedIn_nothingPasses() throws Exception {
    first.unplug();

    assertFalse(reaches(second, first.address()));
    assertFalse(reaches(first, network.address()));
    assertTrue(reaches(second, network.address()));

    first.plugIn();

    await().until(() -> reaches(second, first.address()));
  }

  @Test
  void cutFrom_untilReconnected_bothReachOnlyTheOthers() throws Exception {
    VirtualNetwork.Host third = network.attach();

    first.cutFrom(second);

    assertFalse(reaches(first, second.address()));
    assertFalse(reaches(second, first.address()));
    assertTrue(reaches(first, third.address()));
    assertTrue(reaches(third, second.address()));

    first.reconnectWith(second);

    assertTrue(reaches(first, second.address()));
  }
}
