package io.vmqtt.registry.bans;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.cluster.bans.Pardon;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.model.Namespace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BansFileTest {
  private static final BansFile FILE = new BansFile(Path.of("bans.yaml"), "--bans");
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
  private static final List<Ban> SEVERAL =
      List.of(
          new Ban(
              Banned.of("client-id", "pump-7"), Namespace.of("plant"), "stolen", "", NOON, null),
          new Ban(Banned.of("user", "anna"), Namespace.NAMELESS, "", "bob", null, NOON),
          new Ban(Banned.of("address", "10.0.0.0/8"), null, "", "", null, null));

  @Test
  void read_bansOfEveryKind_asOperatorsWriteThem() {
    Bans read =
        FILE.read(
            """
            # Whom we do not want.
            bans:
              - client-id: pump-7
                namespace: plant
                reason: stolen
                since: 2026-11-26T12:00:00Z
              - user: anna
                namespace: ""
                by: bob
                until: 2026-11-26T12:00:00Z
              - address: 10.0.0.0/8
            """);

    assertEquals(new Bans(0, SEVERAL), read);
  }

  @Test
  void write_isReadAgain_whateverTheNames() {
    List<Ban> odd =
        List.of(
            new Ban(Banned.of("user", "42"), null, "no: yes", "- x", NOON, null),
            new Ban(Banned.of("client-id", "a\n\"b\" # c"), null, "null", "", null, NOON));

    List<Pardon> pardons =
        List.of(
            new Pardon(Banned.of("user", "42"), NOON.plusMillis(1), "no: yes", "- x"),
            new Pardon(Banned.of("address", "fd00::/8"), NOON, "", ""));

    for (Bans bans :
        List.of(
            new Bans(0, odd),
            new Bans(0, SEVERAL),
            Bans.NONE,
            new Bans(0, odd, pardons),
            new Bans(0, List.of(), pardons))) {
      assertEquals(bans, FILE.read(BansFile.write(bans)));
    }
  }

  @Test
  void read_pardons_asOperatorsWriteThem() {
    Bans read =
        FILE.read(
            """
            pardons:
              - address: 203.0.113.7
                reason: one wrong device
                by: anna
                at: 2026-11-26T12:00:00Z
            """);

    assertEquals(
        List.of(new Pardon(Banned.of("address", "203.0.113.7"), NOON, "one wrong device", "anna")),
        read.pardons());
    assertEquals(List.of(), read.all());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | is empty",
        "banned: [] | line 1: banned: there is one section",
        "pardons: {} | line 1: pardons must be a list",
        "pardons: [{user: a}] | line 1: at: a pardon says by when",
        "pardons: [{at: 2026-11-26T12:00:00Z}] | line 1: a pardon is about",
        "pardons: [{user: a, at: noon}] | line 1: at: 'noon' is no time",
        "pardons: [{user: a, at: 2026-11-26T12:00:00Z, namespace: b}] | line 1: namespace: a pardon has no",
        "pardons: [{user: a, at: 2026-11-26T12:00:00Z}, {user: a, at: 2026-11-26T12:00:01Z}] | user a is there twice",
        "bans: {} | line 1: bans must be a list",
        "bans: [{}] | line 1: a ban is about",
        "bans: [{reason: x}] | line 1: a ban is about",
        "bans: [{user: a, client-id: b}] | line 1: client-id: a ban is about one",
        "bans: [{user: \"\"}] | line 1: user: it is empty",
        "bans: [{address: 10.0.0.1/8}] | line 1: address: 10.0.0.1/8 begins with 10.0.0.0",
        "bans: [{user: a, for: 1h}] | line 1: for: a ban has no such line",
        "bans: [{user: a, until: tomorrow}] | line 1: until: 'tomorrow' is no time",
        "bans: [{user: a, namespace: A B}] | line 1: namespace: ",
        "bans: [{user: a}, {user: a, reason: again}] | line 1: user a is there twice",
        "bans: [{user: a, by: x, by: y}] | line 1: by is there twice"
      })
  void read_whatCannotBe_saysWhere(String text, String complaint) {
    OptionException refused = assertThrows(OptionException.class, () -> FILE.read(text));

    String message = String.valueOf(refused.getMessage());
    assertTrue(message.startsWith("--bans: bans.yaml"), message);
    assertTrue(message.contains(complaint), message);
  }

  @Test
  void read_moreThanThereMayBe_isRefusedWhole() {
    List<Ban> many =
        IntStream.rangeClosed(0, Bans.MOST)
            .mapToObj(i -> new Ban(Banned.of("user", "u" + i), null, "", "", null, null))
            .toList();

    List<Pardon> forgiving =
        IntStream.rangeClosed(0, Bans.MOST_PARDONS)
            .mapToObj(i -> new Pardon(Banned.of("user", "u" + i), NOON, "", ""))
            .toList();

    assertRefused(new Bans(0, many), "more than 10000 bans");
    assertRefused(new Bans(0, List.of(), forgiving), "more than 1000 pardons");
  }

  private static void assertRefused(Bans bans, String why) {
    OptionException refused =
        assertThrows(OptionException.class, () -> FILE.read(BansFile.write(bans)));
    assertTrue(String.valueOf(refused.getMessage()).contains(why));
  }
}
