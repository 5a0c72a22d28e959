package io.vmqtt.cluster.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.identity.Doorstep.Newcomer;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoorstepTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<String> sentAway = new ArrayList<>();
  private final Doorstep doorstep =
      new Doorstep("link", "the caller", "a certificate", new Refusals(), meters);

  private Newcomer enter(String address, String name) {
    return doorstep.enter(InetAddress.ofLiteral(address), () -> sentAway.add(name));
  }

  private void enter(int count, String address) {
    for (int i = 1; i <= count; i++) {
      enter(address, address + "#" + i);
    }
  }

  private double underWay() {
    return meters.get("vmqtt.cluster.handshakes.under.way").gauge().value();
  }

  @Test
  void enter_full_theFirstOfTheAddressThatHasMostGoes() {
    enter("10.0.0.9", "first of all");
    enter(62, "10.0.0.1");
    enter(64, "10.0.0.2");
    enter(64, "10.0.0.3");
    enter(64, "10.0.0.4");
    enter("10.0.0.9", "second");
    assertEquals(List.of(), sentAway);

    enter("10.0.0.9", "third");
    enter("10.0.0.9", "fourth");

    assertEquals(List.of("10.0.0.2#1", "10.0.0.3#1"), sentAway);
    assertEquals(Doorstep.MOST, underWay());
  }

  @Test
  void enter_fullOfAddressesThatHaveAsMany_theFirstOfAllGoes() {
    for (int i = 0; i < Doorstep.MOST; i++) {
      enter("10.0.0." + i, "#" + i);
    }

    enter("10.0.1.1", "another");

    assertEquals(List.of("#0"), sentAway);
  }

  @Test
  void enter_manyOfOneAddress_itsOwnFirstGoes() {
    enter("10.0.0.9", "first of all");
    enter(Doorstep.MOST_OF_A_SOURCE + 1, "10.0.0.1");

    assertEquals(List.of("10.0.0.1#1"), sentAway);
    assertEquals(
        1,
        meters.get("vmqtt.cluster.handshakes.refused").tag("reason", "too-many").counter().count());
  }

  @Test
  void enter_manyAddressesOfOneHousehold_countAsOne() {
    for (int i = 0; i <= Doorstep.MOST_OF_A_SOURCE; i++) {
      enter("2001:db8::" + Integer.toHexString(i), "#" + i);
    }

    assertEquals(List.of("#0"), sentAway);
  }

  @Test
  void leave_twice_countsOnce() {
    Newcomer gone = enter("10.0.0.1", "gone");
    enter("10.0.0.1", "there");

    doorstep.leave(gone);
    doorstep.leave(gone);

    assertEquals(1, underWay());
  }

  @Test
  void leave_whoWasSentAway_makesNoRoom() {
    Newcomer first = enter("10.0.0.1", "first");
    enter(Doorstep.MOST_OF_A_SOURCE, "10.0.0.1");

    doorstep.leave(first);

    assertEquals(Doorstep.MOST_OF_A_SOURCE, underWay());
  }
}
