package io.vmqtt.cluster.bans;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Namespace;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PardonsTest {
  private static final long AT = 5_000;

  private static Pardon pardon(String label, String text) {
    return new Pardon(Banned.of(label, text), Instant.ofEpochMilli(AT), "", "");
  }

  private static @Nullable Pardon found(Suspect suspect, Pardon... pardons) {
    return new Pardons(Arrays.asList(pardons)).find(suspect, AT);
  }

  private static Suspect user(String from, String name) {
    return new Suspect(Suspect.Kind.USER, Network.of(from), Namespace.of("plant"), name);
  }

  @Test
  void find_ofAnAddress_isAboutAllWhoComeFromThere() {
    Pardon one = pardon("address", "203.0.113.7");
    Pardon network = pardon("address", "203.0.113.0/24");

    for (Pardon pardon : List.of(one, network)) {
      assertEquals(pardon, found(Suspect.address(Network.of("203.0.113.7")), pardon));
      assertEquals(pardon, found(user("203.0.113.7", "anna"), pardon));
    }
    assertNull(found(user("203.0.113.8", "anna"), one));
    assertEquals(network, found(user("203.0.113.8", "anna"), one, network));
    assertNull(found(user("203.0.114.8", "anna"), one, network));
    assertNull(found(user("2001:db8::/64", "anna"), one, network));
  }

  /** It is a household that is held off, whatever address of it the operator writes. */
  @Test
  void find_ofAnAddressOfIpv6_isAboutItsHousehold() {
    Pardon pardon = pardon("address", "2001:db8:0:1::7");

    assertEquals(pardon, found(Suspect.address(Network.of("2001:db8:0:1::/64")), pardon));
    assertNull(found(Suspect.address(Network.of("2001:db8:0:2::/64")), pardon));
    assertNull(found(Suspect.address(Network.of("203.0.113.7")), pardon));
    Pardon all = pardon("address", "2001:db8::/32");
    assertEquals(all, found(Suspect.address(Network.of("2001:db8:0:2::/64")), pardon, all));
  }

  @Test
  void find_ofAName_isAboutThatKindOfNameEverywhere() {
    Pardon pardon = pardon("user", "anna");

    assertEquals(pardon, found(user("203.0.113.7", "anna"), pardon));
    assertEquals(pardon, found(user("203.0.113.8", "anna"), pardon));
    assertNull(found(user("203.0.113.7", "bob"), pardon));
    assertNull(found(Suspect.address(Network.of("203.0.113.7")), pardon));
    Suspect client =
        new Suspect(Suspect.Kind.CLIENT_ID, Network.of("203.0.113.7"), Namespace.NAMELESS, "anna");
    assertNull(found(client, pardon));
    Pardon ofClient = pardon("client-id", "anna");
    assertEquals(ofClient, found(client, pardon, ofClient));
  }

  @Test
  void find_longName_countsByItsBeginning() {
    Pardon pardon = pardon("user", "x".repeat(1_000) + "1");

    assertEquals(pardon, found(user("203.0.113.7", "x".repeat(1_000) + "2"), pardon));
  }

  @Test
  void find_byTheLatestOfTheSame_whatHadBegunByThen() {
    Pardon early = pardon("user", "anna");
    Pardon late = new Pardon(early.who(), early.at().plusMillis(10), "", "");

    for (List<Pardon> both : List.of(List.of(early, late), List.of(late, early))) {
      Pardons pardons = new Pardons(both);
      assertEquals(late, pardons.find(user("203.0.113.7", "anna"), AT + 10));
      assertNull(pardons.find(user("203.0.113.7", "anna"), AT + 11));
    }
  }

  @Test
  void hasEnded_whenNothingCanLastAnyMoreThatItIsAbout() {
    Pardon pardon = pardon("user", "anna");
    Instant last = pardon.at().plus(Pardon.LONGEST_HOLD_OFF);

    assertFalse(pardon.hasEnded(last));
    assertTrue(pardon.hasEnded(last.plusMillis(1)));
  }

  @Test
  void without_thePardoned_othersAreLeft() {
    Suspect anna = user("203.0.113.7", "anna");
    Suspect bob = user("203.0.113.7", "bob");
    HeldOff heldOff =
        new HeldOff(1, Map.of(anna, new HoldOff(AT, 9_000), bob, new HoldOff(AT, 9_000)));

    assertEquals(
        Map.of(bob, new HoldOff(AT, 9_000)),
        heldOff.without(new Pardons(List.of(pardon("user", "anna")))));
  }
}
