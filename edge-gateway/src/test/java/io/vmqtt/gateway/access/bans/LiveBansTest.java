package io.vmqtt.gateway.access.bans;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.cluster.bans.Pardon;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.model.Namespace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveBansTest {
  private static final Namespace PLANT = Namespace.of("plant");
  private Instant now = Instant.parse("2026-11-26T12:00:00Z");
  private final LiveBans bans = new LiveBans(() -> now);

  private static Ban ban(String kind, String text, @Nullable Namespace where) {
    return new Ban(Banned.of(kind, text), where, "", "", null, null);
  }

  private void are(Ban... all) {
    bans.follow(new Bans(1, List.of(all)));
  }

  private static Identity who(String clientId, @Nullable String user, String address) {
    return new Identity(PLANT, clientId, user, from(address), null);
  }

  private static InetSocketAddress from(String address) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), 4711);
  }

  @Test
  void areAbout_clientIdOrUserOrAddress_whereverOneFits() {
    are(
        ban("client-id", "pump", null),
        ban("user", "anna", PLANT),
        ban("address", "10.0.0.0/8", PLANT),
        ban("address", "fd00::/8", null));

    assertTrue(bans.areAbout(who("pump", null, "192.0.2.1")));
    assertTrue(bans.areAbout(who("c", "anna", "192.0.2.1")));
    assertTrue(bans.areAbout(who("c", "bob", "10.9.9.9")));
    assertTrue(bans.areAbout(who("c", "bob", "fd01::1")));
    assertFalse(bans.areAbout(who("anna", "pump", "192.0.2.1")));
    assertEquals(4, bans.keptOut());
  }

  @Test
  void areAbout_anotherNamespace_notThere() {
    are(ban("user", "anna", Namespace.of("other")), ban("client-id", "c", Namespace.NAMELESS));

    assertFalse(bans.areAbout(who("c", "anna", "192.0.2.1")));
  }

  @Test
  void areAbout_whereSomebodyComesFrom_onlyWhatHoldsEverywhere() {
    are(ban("address", "10.0.0.0/8", PLANT), ban("address", "192.0.2.0/24", null));

    assertFalse(bans.areAbout(from("10.1.1.1")), "it might be in another namespace");
    assertTrue(bans.areAbout(from("192.0.2.1")));
    assertFalse(bans.areAbout(InetSocketAddress.createUnresolved("somewhere", 1)));
  }

  @Test
  void areAbout_untilTheEnd_andNoLonger() {
    Instant end = now.plusSeconds(60);
    are(new Ban(Banned.of("user", "anna"), null, "", "", null, end));
    assertTrue(bans.areAbout(who("c", "anna", "192.0.2.1")));

    now = end;

    assertFalse(bans.areAbout(who("c", "anna", "192.0.2.1")));
  }

  @Test
  void follow_others_tellsThoseWhoWantToKnow() {
    List<String> told = new ArrayList<>();
    assertFalse(bans.areKnown());
    bans.whenChanged(() -> told.add("others"));

    are();

    assertEquals(List.of("others"), told);
    assertTrue(bans.areKnown());
  }

  /** Else every connection would be asked about. */
  @Test
  void follow_pardonsAlone_tellsNobody() {
    List<String> told = new ArrayList<>();
    Ban ban = ban("user", "anna", null);
    are(ban);
    bans.whenChanged(() -> told.add("others"));
    Pardon pardon = new Pardon(Banned.of("user", "bob"), now, "", "");

    bans.follow(new Bans(2, List.of(ban), List.of(pardon)));
    assertEquals(List.of(), told);
    bans.follow(new Bans(3, List.of(), List.of(pardon)));

    assertEquals(List.of("others"), told);
    assertFalse(bans.areAbout(who("c", "anna", "192.0.2.1")));
  }

  /** Against the plain question to each ban. */
  @Test
  void areAbout_manyNetworks_asEachOfThemSays() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Ban[] all = new Ban[200];
    for (int i = 0; i < all.length; i++) {
      int bits = 20 + random.nextInt(13);
      int base = random.nextInt(1 << 16) << 16 >> (32 - bits) << (32 - bits);
      String text =
          "%d.%d.%d.%d/%d"
              .formatted(base >>> 24, base >> 16 & 255, base >> 8 & 255, base & 255, bits);
      all[i] = ban("address", text, null);
    }
    are(all);

    for (int i = 0; i < 10_000; i++) {
      int at = random.nextInt(1 << 16) << 16 | random.nextInt(1 << 16);
      InetSocketAddress from =
          from("%d.%d.%d.%d".formatted(at >>> 24, at >> 16 & 255, at >> 8 & 255, at & 255));
      boolean expected =
          Arrays.stream(all)
              .anyMatch(
                  ban ->
                      ban.who() instanceof Banned.Address(var network)
                          && network.contains(from.getAddress()));
      assertEquals(expected, bans.areAbout(from), () -> "seed " + seed + ": " + from);
    }
  }
}
