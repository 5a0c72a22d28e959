package io.vmqtt.store;

import static io.vmqtt.store.FakeRouter.client;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.proto.session.v1.Delivery;
import io.vmqtt.store.host.FolderCheck;
import io.vmqtt.testkit.machine.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Acknowledged means safe: a store that is killed without warning has everything it confirmed. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SigkillTest {
  private static final int ROUNDS = 3;
  private static final long MESSAGES_PER_ROUND = 3_000;
  private static final long GAP = 100_000;

  @TempDir Path data;

  /** Where the stores keep what is theirs for a moment. */
  @TempDir Path temporary;

  @ParameterizedTest
  @EnumSource(Replication.class)
  void kill_whilePublishing_nothingConfirmedIsLost(Replication replication) throws Exception {
    List<Long> confirmedByRound = new ArrayList<>();
    long next = 1;
    for (int round = 0; round < ROUNDS; round++) {
      long confirmed = publishUntilKilled(replication, next, next + MESSAGES_PER_ROUND);
      confirmedByRound.add(confirmed);
      // What was on its way may have been taken, too: numbers go on behind all of it.
      next = confirmed + GAP;
    }
    try (StoreHarness store = new StoreHarness(KilledStore.config(data), 1, replication);
        FakeRouter router = store.router("router-2")) {
      Attached session =
          router.attach(client(KilledStore.SUBSCRIBER, 1, 1L << 40).setReceiveMaximum(60_000));
      assertTrue(session.getSessionPresent());
      checkQueue(router, session, confirmedByRound);
    }
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(), left.toList(), "left behind by the killed stores");
    }
  }

  /** Every number up to the last confirmed one of each round, in order, none twice. */
  private static void checkQueue(FakeRouter router, Attached session, List<Long> confirmedByRound)
      throws Exception {
    long expected = 1;
    long sequence = 0;
    int round = 0;
    while (true) {
      Delivery delivery = router.delivery();
      long number = Long.parseLong(delivery.getMessage().getPayload().toStringUtf8());
      assertEquals(++sequence, delivery.getTargets(0).getSequence());
      if (number != expected) {
        long confirmed = confirmedByRound.get(round);
        assertTrue(expected > confirmed, expected + " is missing, confirmed: " + confirmed);
        assertEquals(confirmed + GAP, number);
        round++;
      }
      if (number == confirmedByRound.getLast()) {
        return;
      }
      expected = number + 1;
      router.acknowledge(session, sequence);
    }
  }

  private long publishUntilKilled(Replication replication, long from, long until)
      throws IOException, InterruptedException {
    Process store =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-Djava.io.tmpdir=" + temporary,
                    "-cp",
                    System.getProperty("java.class.path"),
                    KilledStore.class.getName(),
                    data.toString(),
                    Long.toString(from),
                    replication.name()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long confirmed = 0;
    try (BufferedReader out = store.inputReader(StandardCharsets.UTF_8)) {
      while (confirmed < until) {
        String line = out.readLine();
        assertNotNull(line, "the store ended by itself");
        if (line.startsWith("committed ")) {
          confirmed = Long.parseLong(line.substring("committed ".length()));
        }
      }
    } finally {
      store.destroyForcibly();
    }
    assertNotEquals(0, Command.awaitEnd(store));
    assertEquals(List.of(), FolderCheck.ofEverything(data).damages());
    return confirmed;
  }
}
