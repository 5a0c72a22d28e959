package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.process.ClusterProcesses;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.raw.RawPacket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bans and hold-offs, known to every gateway, whoever has found them. */
class BansIT {
  private static final int BAD_USER_NAME_OR_PASSWORD = 0x86;
  private static final int BANNED = 0x8A;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration HELD = Duration.ofSeconds(20);

  /** As mosquitto_passwd writes "correct horse". */
  private static final String CORRECT_HORSE =
      "$7$101$AAECAwQFBgcICQoL$lp0Cm29zl+CI/RXyXDKvLye7OxM3OuE6RMzgXTX/f3imS/pFh2Ur7yarLDpKRUKp"
          + "B0tOj6l0UrRv41zqxmD4tg==";

  private static final Path BANS = write(temporary(), "bans: []\n");
  private static final Path USERS =
      write(temporary(), "anna:" + CORRECT_HORSE + "\nbob:" + CORRECT_HORSE + "\n");

  @RegisterExtension
  static final ClusterProcesses cluster =
      ClusterProcesses.of(1, 1, 2)
          .withRegistryOptions("--bans", BANS.toString())
          .withGatewayOptions(
              "--passwords",
              USERS.toString(),
              "--hold-off",
              HELD.toSeconds() + "s",
              "--hold-off-except",
              "192.0.2.0/24");

  private static Path temporary() {
    try {
      return Files.createTempFile("vmqtt-bans-", ".txt");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void pardonEverybody() {
    write(BANS, "bans: []\n");
    for (int i = 0; i < 2; i++) {
      awaitAnswer(0, cluster.gateway(i), RawConnect.clean(5, "pump").encoded());
      for (String user : List.of("anna", "bob")) { // a file without pardons forgives nobody
        awaitAnswer(0, cluster.gateway(i), Packets.connectAs("c", user, "correct horse"));
      }
    }
  }

  @AfterAll
  static void deleteFiles() throws IOException {
    Files.delete(BANS);
    Files.delete(USERS);
  }

  private static int answer(Address gateway, byte[] connect) {
    try (RawConnection connection = RawConnection.open(gateway)) {
      return connection.send(connect).read().reasonCode();
    }
  }

  private static void awaitAnswer(int reason, Address gateway, byte[] connect) {
    await().atMost(PATIENCE).until(() -> answer(gateway, connect) == reason);
  }

  @Test
  void ban_inTheFile_endsConnectionsAndRefusesNewOnesEverywhere() {
    try (RawConnection first = RawConnection.open(cluster.gateway(0));
        RawConnection second = RawConnection.open(cluster.gateway(1));
        RawConnection old = RawConnection.open(cluster.gateway(1));
        RawConnection other = RawConnection.open(cluster.gateway(0))) {
      for (RawConnection one : new RawConnection[] {first, second}) {
        String id = one == first ? "one" : "two";
        assertEquals(
            0, one.send(Packets.connectAs(id, "anna", "correct horse")).read().reasonCode());
      }
      assertEquals(0, old.send(RawConnect.clean(4, "pump").encoded()).read().reasonCode());
      assertEquals(
          0, other.send(Packets.connectAs("other", "bob", "correct horse")).read().reasonCode());
      Instant from = Instant.now();

      write(BANS, "bans:\n  - user: anna\n  - client-id: pump\n");

      for (RawConnection one : new RawConnection[] {first, second}) {
        RawPacket last = one.read();
        assertEquals(BANNED, last.reasonCode(), last::toString);
      }
      old.awaitClosedSilently();
      System.out.println(
          "who is banned was gone everywhere after " + Duration.between(from, Instant.now()));
      for (int i = 0; i < 2; i++) {
        Address gateway = cluster.gateway(i);
        assertEquals(BANNED, answer(gateway, Packets.connectAs("c", "anna", "correct horse")));
        assertEquals(BANNED, answer(gateway, RawConnect.clean(5, "pump").encoded()));
        assertEquals(5, answer(gateway, RawConnect.clean(4, "pump").encoded()));
        assertEquals(0, answer(gateway, Packets.connectAs("c", "bob", "correct horse")));
      }
      assertEquals(2, cluster.status().at("/bans/count").asInt());
      other.send(new byte[] {(byte) 0xC0, 0});
      assertEquals(PacketType.PINGRESP, other.read().type());
    }
  }

  @Test
  void ban_inTheFile_endsConnectionsEverywhereAsARuleWithinASecond() {
    List<RawConnection> there = new ArrayList<>();

    Promptness.assertAsARule(
        cluster,
        "who is banned is gone",
        round -> {
          for (int i = 0; i < 2; i++) {
            RawConnection one = RawConnection.open(cluster.gateway(i));
            there.add(one);
            one.send(Packets.connectAs("prompt-" + round + i, "bob", "correct horse"));
            assertEquals(0, one.read().reasonCode());
          }
          write(
              BANS,
              "bans: [{client-id: prompt-%1$d0}, {client-id: prompt-%1$d1}]\n".formatted(round));
        },
        round -> {
          there.forEach(one -> assertEquals(BANNED, one.read().reasonCode()));
          there.forEach(RawConnection::close);
          there.clear();
        });
  }

  /** One gateway has found the guesser, and tells the other. */
  @Test
  void guesser_atOneGateway_isHeldOffAtTheOtherAsARuleWithinASecond() {
    Promptness.assertAsARule(
        cluster,
        "who is held off is so",
        round -> guess("guesser-" + round),
        round ->
            await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(200)) // fewer tries than it has itself
                .atMost(PATIENCE)
                .until(
                    () ->
                        answer(
                                cluster.gateway(1),
                                Packets.connectAs("c", "guesser-" + round, "staple"))
                            == BANNED));
  }

  @Test
  void ban_thatEnds_isOverEverywhere() {
    write(BANS, "bans: [{client-id: pump, until: " + Instant.now().plusSeconds(5) + "}]\n");

    for (int i = 0; i < 2; i++) {
      awaitAnswer(BANNED, cluster.gateway(i), RawConnect.clean(5, "pump").encoded());
    }
    for (int i = 0; i < 2; i++) {
      awaitAnswer(0, cluster.gateway(i), RawConnect.clean(5, "pump").encoded());
    }
  }

  @Test
  void guesser_atOneGateway_isHeldOffAtAllAndOthersAreNot() {
    byte[] right = Packets.connectAs("c", "anna", "correct horse");
    for (int i = 0; i < 2; i++) {
      assertEquals(0, answer(cluster.gateway(i), right));
    }
    guess("anna");

    assertEquals(BANNED, answer(cluster.gateway(0), right));
    awaitAnswer(BANNED, cluster.gateway(1), right);
    for (int i = 0; i < 2; i++) {
      assertEquals(0, answer(cluster.gateway(i), Packets.connectAs("d", "bob", "correct horse")));
    }
    assertTrue(cluster.status().at("/bans/heldOff").asInt() > 0);
    for (int i = 0; i < 2; i++) {
      awaitAnswer(0, cluster.gateway(i), right);
    }
  }

  private static void guess(String user) {
    for (int i = 0; i < 11; i++) {
      assertEquals(
          BAD_USER_NAME_OR_PASSWORD,
          answer(cluster.gateway(0), Packets.connectAs("c", user, "staple " + i)));
    }
  }

  /** Bob is held off after anna, and is so still when she is in again: her time was not over. */
  @Test
  void pardon_ofOneWhoIsHeldOff_letsHimInEverywhereBeforeHisTime() throws Exception {
    byte[] anna = Packets.connectAs("c", "anna", "correct horse");
    byte[] bob = Packets.connectAs("d", "bob", "correct horse");
    guess("anna");
    guess("bob");
    for (int i = 0; i < 2; i++) {
      awaitAnswer(BANNED, cluster.gateway(i), anna);
      awaitAnswer(BANNED, cluster.gateway(i), bob);
    }
    await().atMost(PATIENCE).until(() -> cluster.status().at("/bans/heldOff").asInt() >= 2);
    int heldOff = cluster.status().at("/bans/heldOff").asInt();

    pardon("anna");

    Instant from = Instant.now();
    for (int i = 0; i < 2; i++) {
      awaitAnswer(0, cluster.gateway(i), anna);
    }
    System.out.println(
        "who is pardoned was let in everywhere after " + Duration.between(from, Instant.now()));
    for (int i = 0; i < 2; i++) {
      assertEquals(BANNED, answer(cluster.gateway(i), bob));
    }
    await().atMost(PATIENCE).until(() -> cluster.status().at("/bans/heldOff").asInt() < heldOff);

    guess("anna"); // her tries are counted anew
    assertEquals(BANNED, answer(cluster.gateway(0), anna));
    pardon("anna");
    pardon("bob");
    for (int i = 0; i < 2; i++) {
      awaitAnswer(0, cluster.gateway(i), anna);
      awaitAnswer(0, cluster.gateway(i), bob);
    }
  }

  /** As an operator says it. */
  private static void pardon(String user) throws Exception {
    Process pardon =
        new ProcessBuilder(
                Path.of("..", "..", "vmqtt").toString(),
                "access",
                "pardon",
                BANS.toString(),
                "--user",
                user)
            .redirectErrorStream(true)
            .start();
    boolean ended = pardon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (!ended) {
      pardon.destroyForcibly();
    }
    String said = new String(pardon.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(ended && pardon.exitValue() == 0, said);
  }
}
