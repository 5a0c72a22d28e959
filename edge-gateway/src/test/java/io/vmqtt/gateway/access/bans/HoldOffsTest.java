package io.vmqtt.gateway.access.bans;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.HeldOff;
import io.vmqtt.cluster.bans.HoldOff;
import io.vmqtt.cluster.bans.Network;
import io.vmqtt.cluster.bans.Pardon;
import io.vmqtt.cluster.bans.Suspect;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.model.Namespace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HoldOffsTest {
  private static final String HERE = "203.0.113.7";
  private static final Duration HELD = Duration.ofMinutes(5);
  private long millis = 1_000_000;
  private final List<String> found = new ArrayList<>();
  private final List<String> pardoned = new ArrayList<>();
  private final HoldOffs holdOffs = holdOffs(3, 5, 0);

  private HoldOffs holdOffs(int userFailures, int addressFailures, int clientConnects) {
    HoldOffTerms terms =
        new HoldOffTerms(
            HELD,
            Duration.ofMinutes(1),
            userFailures,
            addressFailures,
            clientConnects,
            List.of(Network.of("10.0.0.0/8")));
    HoldOffs made =
        new HoldOffs(terms, () -> Instant.ofEpochMilli(millis), () -> millis * 1_000_000);
    made.whenFound(
        (suspect, _, holdOff) ->
            found.add(
                suspect.kind()
                    + " "
                    + suspect.name()
                    + " "
                    + suspect.from()
                    + " "
                    + holdOff.untilMillis()));
    made.whenPardoned((pardon, takenBack) -> pardoned.add(pardon + ": " + takenBack));
    return made;
  }

  private static Credentials said(String clientId, @Nullable String user, String address) {
    return new Credentials(
        Namespace.NAMELESS,
        clientId,
        user,
        null,
        new InetSocketAddress(InetAddress.ofLiteral(address), 4711),
        null);
  }

  private void guess(String user, int times) {
    for (int i = 0; i < times; i++) {
      holdOffs.failed(said("c", user, HERE));
    }
  }

  @Test
  void failed_tooOftenForAUser_holdsOffThatUserThereAlone() {
    guess("anna", 3);
    assertFalse(holdOffs.holdOff(said("x", "anna", HERE)));

    guess("anna", 1);

    assertTrue(holdOffs.holdOff(said("x", "anna", HERE)));
    assertFalse(holdOffs.holdOff(said("y", "anna", "203.0.113.8")), "anna herself is elsewhere");
    assertFalse(holdOffs.holdOff(said("y", "bob", HERE)), "and others are there");
    assertFalse(holdOffs.holdOff(said("y", null, HERE)));
    assertEquals(List.of("USER anna " + HERE + " 1300000"), found);
    assertEquals(1, holdOffs.turnedAway());
    assertEquals(1, holdOffs.begun());
  }

  @Test
  void userFailures_othersAreUsual_areCountedAnew() {
    guess("anna", 3);
    holdOffs.userFailures(1);
    guess("anna", 1);
    assertFalse(holdOffs.holdOff(said("x", "anna", HERE)));

    guess("anna", 1);
    holdOffs.userFailures(0);
    guess("bob", 100);

    assertTrue(holdOffs.holdOff(said("x", "anna", HERE)), "whoever is held off stays so");
    assertFalse(holdOffs.holdOff(said("x", "bob", HERE)));
  }

  @Test
  void failed_ofIpv6_allThatAHouseholdHasIsOneSource() {
    for (int i = 0; i < 4; i++) {
      holdOffs.failed(said("c", "anna", "2001:db8:0:1::" + i));
    }

    assertTrue(holdOffs.holdOff(said("c", "anna", "2001:db8:0:1:ffff::")));
    assertFalse(holdOffs.holdOff(said("c", "anna", "2001:db8:0:2::")));
  }

  @Test
  void failed_oneDeviceForEver_doesNotShutOutItsNeighbours() {
    HoldOffs strict = holdOffs(3, 2, 0);
    for (int i = 0; i < 1_000; i++) {
      millis += 1_000;
      Credentials stale = said("c", "stale", HERE);
      if (!strict.holdOff(stale)) {
        strict.failed(stale);
      }
      assertFalse(strict.holdOff(said("d", "neighbour", HERE)));
    }
    assertTrue(strict.begun() > 1);
  }

  /** Too slow to be held off itself, and many of them. */
  @Test
  void failed_devicesThatTryNowAndThen_countOnceForTheirAddress() {
    HoldOffs usual = holdOffs(10, 20, 0);
    for (int round = 0; round < 100; round++) {
      millis += 10_000;
      for (int device = 0; device < 17; device++) {
        usual.failed(said("c", "stale-" + device, HERE));
      }
      assertFalse(usual.holdOff(said("d", "neighbour", HERE)), "round " + round);
    }
  }

  @Test
  void failed_manyUsersOfOneAddress_holdsOffAllOfIt() {
    for (int i = 0; i < 6; i++) {
      assertFalse(holdOffs.holdOff(said("c", "neighbour", HERE)));
      guess("user-" + i, 1);
    }

    assertTrue(holdOffs.holdOff(said("c", "neighbour", HERE)));
    assertFalse(holdOffs.holdOff(said("c", "neighbour", "203.0.113.8")));
    assertEquals(List.of("ADDRESS  " + HERE + " 1300000"), found);
  }

  @Test
  void failed_withoutUserName_countsForTheClientId() {
    for (int i = 0; i < 4; i++) {
      holdOffs.failed(said("pump", null, HERE));
    }

    assertTrue(holdOffs.holdOff(said("pump", null, HERE)));
    assertFalse(holdOffs.holdOff(said("lamp", null, HERE)));
  }

  @Test
  void holdOff_connectsTooOftenWithAClientId_isHeldOffThere() {
    HoldOffs counting = holdOffs(0, 0, 4);
    for (int i = 0; i < 4; i++) {
      assertFalse(counting.holdOff(said("flapping", "anna", HERE)));
      assertFalse(counting.holdOff(said("client-" + i, "anna", HERE)), "thousands may be there");
    }

    assertTrue(counting.holdOff(said("flapping", "anna", HERE)));
    assertFalse(counting.holdOff(said("flapping", "anna", "203.0.113.8")));
    assertEquals(List.of("CLIENT_ID flapping " + HERE + " 1300000"), found);
  }

  @Test
  void holdOff_whenItsTimeIsOver_mayTryAgain() {
    guess("anna", 4);
    millis += HELD.toMillis() - 1;
    assertTrue(holdOffs.holdOff(said("c", "anna", HERE)));

    millis += 1;

    assertFalse(holdOffs.holdOff(said("c", "anna", HERE)));
  }

  @Test
  void holdOff_foundByAnotherGateway_holdsHere() {
    Suspect address = Suspect.address(Network.of(HERE));
    holdOffs.follow(new HeldOff(1, Map.of(address, new HoldOff(millis, millis + 1_000))));
    assertTrue(holdOffs.holdOff(said("c", "anna", HERE)));

    holdOffs.follow(new HeldOff(2, Map.of()));

    assertFalse(holdOffs.holdOff(said("c", "anna", HERE)));
  }

  /** A fleet behind one address, with some that are wrong. */
  @Test
  void pardon_ofAnAddress_endsAllThatHasBegunThereAndCountsAnew() {
    holdOffs.pardon(List.of());
    guess("anna", 4);
    for (int i = 0; i < 5; i++) {
      guess("user-" + i, 1);
    }
    guess("bob", 3);
    assertTrue(holdOffs.holdOff(said("c", "neighbour", HERE)), "the address is held off");
    assertTrue(holdOffs.holdOff(said("c", "anna", HERE)));

    holdOffs.pardon(List.of(pardon("address", HERE, millis)));

    assertFalse(holdOffs.holdOff(said("c", "neighbour", HERE)));
    assertFalse(holdOffs.holdOff(said("c", "anna", HERE)));
    assertEquals(List.of("address " + HERE + ": 2"), pardoned);
    assertEquals(2, holdOffs.takenBack());
    millis += 1;
    guess("bob", 3);
    for (int i = 0; i < 4; i++) {
      guess("user-" + i, 1);
    }
    assertFalse(holdOffs.holdOff(said("c", "bob", HERE)), "his three before are forgotten");
    assertFalse(holdOffs.holdOff(said("c", "neighbour", HERE)), "and the names of the address");
    guess("bob", 1);
    assertTrue(holdOffs.holdOff(said("c", "bob", HERE)), "whoever goes on is held off again");
    guess("user-4", 1);
    assertTrue(holdOffs.holdOff(said("c", "neighbour", HERE)));
  }

  @Test
  void pardon_ofAUser_isAboutThatUserWhereverHeComesFrom() {
    holdOffs.pardon(List.of());
    guess("anna", 4);
    guess("bob", 4);
    Suspect elsewhere =
        new Suspect(Suspect.Kind.USER, Network.of("203.0.113.8"), Namespace.of("plant"), "anna");
    holdOffs.follow(new HeldOff(1, Map.of(elsewhere, new HoldOff(millis, millis + 1_000))));

    holdOffs.pardon(List.of(pardon("user", "anna", millis)));

    assertFalse(holdOffs.holdOff(said("c", "anna", HERE)));
    assertTrue(holdOffs.holdOff(said("c", "bob", HERE)));
    assertEquals(List.of("user anna: 2"), pardoned);
  }

  @Test
  void pardon_ofAClientId_endsWhatItWasHeldOffForComingAndGoing() {
    HoldOffs counting = holdOffs(0, 0, 2);
    counting.pardon(List.of());
    for (int i = 0; i < 3; i++) {
      counting.holdOff(said("flapping", null, HERE));
    }
    assertTrue(counting.isHeldOff(said("flapping", null, HERE)));

    counting.pardon(List.of(pardon("client-id", "flapping", millis)));

    assertFalse(counting.holdOff(said("flapping", null, HERE)));
  }

  /** Whoever hears of it late, or again, must not forgive what was done since. */
  @Test
  void pardon_ofBefore_isNotAboutWhatBeganAfterwards() {
    holdOffs.pardon(List.of());
    long before = millis;
    millis += 1;
    guess("anna", 4);

    holdOffs.pardon(List.of(pardon("user", "anna", before)));
    assertTrue(holdOffs.holdOff(said("c", "anna", HERE)));
    assertEquals(List.of("user anna: 0"), pardoned);

    holdOffs.pardon(List.of(pardon("user", "anna", millis)));
    assertFalse(holdOffs.holdOff(said("c", "anna", HERE)));
  }

  @Test
  void pardon_fromTheFuture_isNotAboutWhatBeginsLongAfterItIsHeardOf() {
    holdOffs.pardon(List.of());
    Pardon pardon = pardon("user", "anna", millis + Duration.ofDays(365).toMillis());
    guess("anna", 4);
    holdOffs.pardon(List.of(pardon));
    assertFalse(holdOffs.holdOff(said("c", "anna", HERE)));

    millis += Duration.ofMinutes(2).toMillis();
    holdOffs.pardon(List.of(pardon, pardon("user", "bob", millis)));
    guess("anna", 4);

    assertTrue(holdOffs.holdOff(said("c", "anna", HERE)));
    assertEquals(List.of("user anna: 1", "user bob: 0"), pardoned);
  }

  /** With one wrong password it counts once for its address, pardoned or not. */
  @Test
  void pardon_ofUsersWhoGoOnFailing_doesNotHaveThemCountAgainForTheirAddress() {
    holdOffs.pardon(List.of());
    for (int device = 0; device < 4; device++) {
      guess("stale-" + device, 1);
    }
    holdOffs.pardon(
        IntStream.range(0, 4)
            .mapToObj(device -> pardon("user", "stale-" + device, millis))
            .toList());
    millis += 1;
    for (int device = 0; device < 4; device++) {
      guess("stale-" + device, 1);
    }

    assertFalse(holdOffs.holdOff(said("c", "neighbour", HERE)));
  }

  /** The cluster has one story and the other in any order, and a gateway that starts has both. */
  @Test
  void follow_holdOffThatWasPardonedBefore_isNone() {
    Suspect anna = new Suspect(Suspect.Kind.USER, Network.of(HERE), Namespace.NAMELESS, "anna");
    holdOffs.pardon(List.of(pardon("address", "203.0.113.0/24", millis)));

    holdOffs.follow(new HeldOff(1, Map.of(anna, new HoldOff(millis, millis + 1_000))));
    assertFalse(holdOffs.holdOff(said("c", "anna", HERE)));

    holdOffs.follow(new HeldOff(2, Map.of(anna, new HoldOff(millis + 1, millis + 1_000))));
    assertTrue(holdOffs.holdOff(said("c", "anna", HERE)));
    assertEquals(List.of(), pardoned, "it was said before this gateway was there");
  }

  @Test
  void pardon_thatOthersAreAddedTo_isCarriedOutOnce() {
    Pardon first = pardon("user", "anna", millis);
    holdOffs.pardon(List.of());
    holdOffs.pardon(List.of(first));
    millis += 1;
    guess("anna", 3);

    holdOffs.pardon(List.of(first, pardon("user", "bob", millis)));

    assertEquals(List.of("user anna: 0", "user bob: 0"), pardoned);
    guess("anna", 1);
    assertTrue(holdOffs.holdOff(said("c", "anna", HERE)), "her three are not forgotten");
  }

  private static Pardon pardon(String label, String text, long atMillis) {
    return new Pardon(Banned.of(label, text), Instant.ofEpochMilli(atMillis), "", "");
  }

  @Test
  void failed_whereNobodyIsHeldOff_isNotCounted() {
    for (int i = 0; i < 100; i++) {
      holdOffs.failed(said("c", "anna", "10.1.1.1"));
    }
    assertFalse(holdOffs.holdOff(said("c", "anna", "10.1.1.1")));

    HoldOffs never = HoldOffs.never();
    for (int i = 0; i < 100; i++) {
      never.failed(said("c", "anna", HERE));
    }
    assertFalse(never.holdOff(said("c", "anna", HERE)));
  }

  @Test
  void failed_uncountedKinds_holdOffNobody() {
    HoldOffs none = holdOffs(0, 0, 0);
    for (int i = 0; i < 1_000; i++) {
      none.failed(said("c", "anna", HERE));
      assertFalse(none.holdOff(said("c", "anna", HERE)));
    }
  }

  @Test
  void failed_addressesAlone_areCountedWithoutUsers() {
    HoldOffs addresses = holdOffs(0, 2, 0);
    for (int i = 0; i < 3; i++) {
      addresses.failed(said("c", "user-" + i, HERE));
    }

    assertTrue(addresses.holdOff(said("c", "anna", HERE)));
  }
}
