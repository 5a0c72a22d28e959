package io.vmqtt.cluster.bans;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.model.Namespace;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BansFactTest {
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

  private static Ban ban(Banned who, @Nullable Namespace namespace, @Nullable Instant until) {
    return new Ban(who, namespace, "stolen", "anna", NOON, until);
  }

  @Test
  void bans_ofEveryKind_areReadAsTheyWereWritten() throws IOException {
    Bans bans =
        new Bans(
            7,
            List.of(
                ban(Banned.of("client-id", "pump \"7\""), Namespace.of("plant"), NOON),
                ban(Banned.of("user", "anna"), Namespace.NAMELESS, null),
                new Ban(Banned.of("address", "fd00::/8"), null, "", "", null, null)));

    String text = BansFact.BANS.write(bans);

    assertEquals(bans, BansFact.BANS.read(text));
    assertTrue(text.contains("\"client-id\":\"pump \\\"7\\\"\",\"namespace\":\"plant\""), text);
  }

  @Test
  void pardons_ofEveryKind_areReadAsTheyWereWritten() throws IOException {
    Bans bans =
        new Bans(
            7,
            List.of(ban(Banned.of("user", "anna"), null, null)),
            List.of(
                new Pardon(Banned.of("address", "203.0.113.7"), NOON, "a fleet", "anna"),
                new Pardon(Banned.of("user", "bob"), NOON, "", ""),
                new Pardon(Banned.of("client-id", "pump \"7\""), NOON.plusMillis(1), "", "me")),
            new Origin("/etc/bans.yaml", "anna"));

    String text = BansFact.BANS.write(bans);

    assertEquals(bans, BansFact.BANS.read(text));
    assertFalse(bans.saysTheSameAs(new Bans(7, bans.all())));
    assertFalse(BansFact.BANS.write(new Bans(7, bans.all())).contains("pardon"));
  }

  @Test
  void bans_asManyAsThereMayBe_fitIntoConsul() throws IOException {
    Bans bans =
        new Bans(
            1,
            IntStream.range(0, Bans.MOST)
                .mapToObj(i -> ban(Banned.of("client-id", "device-" + i), null, NOON))
                .toList());

    String text = BansFact.BANS.write(bans);

    assertTrue(text.length() < 512 << 10, () -> text.length() + " bytes");
    assertEquals(bans, BansFact.BANS.read(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"format\":1,\"version\":1}",
        "{\"format\":2,\"version\":1,\"bans\":[]}",
        "{\"format\":1,\"version\":0,\"bans\":[]}",
        "{\"format\":1,\"version\":1,\"bans\":[{}]}",
        "{\"format\":1,\"version\":1,\"bans\":[{\"user\":\"a\",\"only-on\":\"monday\"}]}",
        "{\"format\":1,\"version\":1,\"bans\":[{\"user\":\"a\",\"client-id\":\"b\"}]}",
        "{\"format\":1,\"version\":1,\"bans\":[{\"user\":\"\"}]}",
        "{\"format\":1,\"version\":1,\"bans\":[{\"address\":\"10.0.0.1/8\"}]}",
        "{\"format\":1,\"version\":1,\"bans\":[{\"user\":\"a\",\"until\":\"tomorrow\"}]}",
        "{\"format\":1,\"version\":1,\"bans\":[],\"pardons\":{}}",
        "{\"format\":1,\"version\":1,\"bans\":[],\"pardons\":[{\"user\":\"a\"}]}",
        "{\"format\":1,\"version\":1,\"bans\":[],\"pardons\":[{\"at\":\"2026-11-26T12:00:00Z\"}]}",
        "{\"format\":1,\"version\":1,\"bans\":[],"
            + "\"pardons\":[{\"user\":\"a\",\"at\":\"2026-11-26T12:00:00Z\",\"of\":1}]}",
        "[]"
      })
  void read_whatSaysAnythingElse_isRefusedWhole(String text) {
    assertThrows(IOException.class, () -> BansFact.BANS.read(text));
  }

  @Test
  void hasEnded_fromItsEndOn() {
    Ban ban = ban(Banned.of("user", "anna"), null, NOON);

    assertFalse(ban.hasEnded(NOON.minusMillis(1)));
    assertTrue(ban.hasEnded(NOON));
    assertFalse(ban(Banned.of("user", "anna"), null, null).hasEnded(Instant.MAX));
  }

  @Test
  void heldOff_ofEveryKind_areReadAsTheyWereWritten() throws IOException {
    Network from = Network.of("203.0.113.7");
    HeldOff heldOff =
        new HeldOff(
            3,
            Map.of(
                Suspect.address(from),
                new HoldOff(0, 1),
                new Suspect(Suspect.Kind.USER, from, Namespace.of("plant"), "anna"),
                new HoldOff(1, 2),
                new Suspect(Suspect.Kind.CLIENT_ID, from, Namespace.NAMELESS, "pump"),
                new HoldOff(2_000, 3_000)));

    assertEquals(heldOff, HeldOffFact.HELD_OFF.read(HeldOffFact.HELD_OFF.write(heldOff)));
  }

  /** As an older gateway writes it. */
  @Test
  void heldOff_withoutItsBeginning_hasBegunBeforeAnyPardon() throws IOException {
    HeldOff read =
        HeldOffFact.HELD_OFF.read(
            "{\"format\":1,\"version\":1,\"held-off\":[{\"from\":\"203.0.113.7\",\"address\":\"\","
                + "\"namespace\":\"\",\"until\":\"1970-01-01T00:00:05Z\"}]}");

    assertEquals(
        Map.of(Suspect.address(Network.of("203.0.113.7")), new HoldOff(0, 5_000)), read.all());
  }

  @Test
  void heldOff_longNames_countByTheirBeginning() {
    Network from = Network.of("203.0.113.7");
    Suspect longOne =
        new Suspect(Suspect.Kind.USER, from, Namespace.NAMELESS, "x".repeat(60_000) + "1");

    assertEquals(
        new Suspect(Suspect.Kind.USER, from, Namespace.NAMELESS, "x".repeat(60_000) + "2"),
        longOne);
    assertTrue(longOne.name().length() < 100);
  }

  /** A time that can be written, and is none of this machine's. */
  @Test
  void heldOff_untilATimeBeyondAll_isRefused() {
    String text = HeldOffFact.HELD_OFF.write(new HeldOff(1, Map.of(suspect(1), new HoldOff(5, 0))));

    assertThrows(
        IOException.class,
        () ->
            HeldOffFact.HELD_OFF.read(
                text.replace(
                    "\"until\":\"1970-01-01T00:00:00Z",
                    "\"until\":\"+1000000000-12-31T23:59:59Z")));
  }

  @Test
  void with_others_keepsTheLongerTimeAndForgetsWhatIsOver() {
    Suspect over = suspect(0);
    Suspect longer = suspect(1);
    HeldOff before = new HeldOff(50, Map.of(over, until(100), longer, until(900)));

    HeldOff after =
        before.with(Map.of(longer, until(500), suspect(2), until(400)), Pardons.NONE, 100);

    assertEquals(new HeldOff(100, Map.of(longer, until(900), suspect(2), until(400))), after);
    assertEquals(
        101, after.with(Map.of(), Pardons.NONE, 100).version(), "the version grows in any case");
  }

  /** Gateways may hold off for different times: one that is over must not hide one that is not. */
  @Test
  void with_aLongerOneThatIsPardoned_keepsTheShorterOneThatIsNot() {
    Suspect anna =
        new Suspect(Suspect.Kind.USER, Network.of("203.0.113.7"), Namespace.NAMELESS, "anna");
    HoldOff pardoned = new HoldOff(100, 9_000);
    HoldOff later = new HoldOff(300, 800);
    Pardons pardons =
        new Pardons(
            List.of(new Pardon(Banned.of("user", "anna"), Instant.ofEpochMilli(200), "", "")));

    HeldOff known = new HeldOff(50, Map.of(anna, pardoned));
    assertEquals(Map.of(anna, later), known.with(Map.of(anna, later), pardons, 400).all());
    assertEquals(Map.of(anna, pardoned), known.with(Map.of(anna, later), Pardons.NONE, 400).all());

    HeldOff knowsTheLater = new HeldOff(50, Map.of(anna, later));
    assertEquals(
        Map.of(anna, later), knowsTheLater.with(Map.of(anna, pardoned), pardons, 400).all());
  }

  @Test
  void with_moreThanThereMayBe_thoseThatEndFirstAreLeftOut() {
    Map<Suspect, HoldOff> many = new HashMap<>();
    IntStream.range(0, HeldOff.MOST + 10).forEach(i -> many.put(suspect(i), until(1_000 + i)));

    HeldOff after = HeldOff.NONE.with(many, Pardons.NONE, 1);

    assertEquals(HeldOff.MOST, after.all().size());
    assertFalse(after.all().containsKey(suspect(9)));
    assertTrue(after.all().containsKey(suspect(10)));
  }

  @Test
  void heldOff_asManyAsThereMayBeOfTheWorst_fitIntoConsul() {
    Map<Suspect, HoldOff> many = new HashMap<>();
    for (int i = 0; i < HeldOff.MOST; i++) {
      String name = Integer.toString(i) + "\u0001\uffee".repeat(40);
      many.put(
          new Suspect(
              Suspect.Kind.USER,
              Network.of("2001:db8:ffff:" + i + "::/64"),
              Namespace.NAMELESS,
              name),
          new HoldOff(1_764_169_200_000L + 17L * i, 1_764_169_500_000L + 17L * i));
    }

    String text = HeldOffFact.HELD_OFF.write(new HeldOff(1, many));

    assertTrue(text.length() < 512 << 10, () -> text.length() + " bytes");
  }

  private static HoldOff until(long millis) {
    return new HoldOff(7, millis);
  }

  private static Suspect suspect(int number) {
    return new Suspect(
        Suspect.Kind.USER, Network.of("203.0.113.7"), Namespace.NAMELESS, "user-" + number);
  }
}
