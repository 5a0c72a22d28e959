package io.vmqtt.store.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.store.log.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicaAddressesTest {

  @Test
  void mistake_allOnOneMachine_none() {
    assertEquals(Optional.empty(), mistake("127.0.0.1:1", "localhost:2", "[::1]:3"));
  }

  @Test
  void mistake_allElsewhere_none() {
    assertEquals(Optional.empty(), mistake("10.0.0.1:9193", "store-2:9193", "[fd00::3]:9193"));
  }

  @Test
  void mistake_oneReplica_none() {
    assertEquals(Optional.empty(), mistake("127.0.0.1:9193"));
  }

  @Test
  void mistake_oneSaysLoopbackAndOthersDoNot_isNamed() {
    assertEquals(
        Optional.of(
            "store s2 says 127.0.0.1:9193, and other replicas are not on its machine: start each"
                + " with an --advertise-host that the others reach"),
        mistake("10.0.0.1:9193", "127.0.0.1:9193"));
  }

  @Test
  void mistake_twoOfOneAddress_areNamed() {
    assertEquals(
        Optional.of(
            "stores s1 and s2 both say 127.0.0.1:9193: start each with an --advertise-host that the"
                + " others reach"),
        mistake("127.0.0.1:9193", "127.0.0.1:9193"));
  }

  private static Optional<String> mistake(String... addresses) {
    List<Replica> replicas = new ArrayList<>();
    for (String address : addresses) {
      replicas.add(new Replica("s" + (replicas.size() + 1), address));
    }
    return ReplicaAddresses.mistake(replicas);
  }
}
