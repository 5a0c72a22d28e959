package io.vmqtt.gateway.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.namespaces.NamespaceTerms;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.model.Consistency;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quota;
import io.vmqtt.model.Quotas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamespaceUsesTest {
  private static final Namespace A = Namespace.of("a");
  private static final Namespace B = Namespace.of("b");

  private final List<String> told = new ArrayList<>();
  private final NamespaceUses uses =
      new NamespaceUses(
          () -> 0,
          new NamespaceUses.Witness() {
            @Override
            public void named(NamespaceUse use) {
              told.add("named " + use.namespace().name());
            }

            @Override
            public void forgotten(NamespaceUse use) {
              told.add("forgotten " + use.namespace().name());
            }
          });

  private static Namespaces only(Namespace namespace, Quota quota, long limit) {
    return new Namespaces(
        1,
        Map.of(
            namespace, new NamespaceTerms(new Quotas(Map.of(quota, limit)), Consistency.STRONG)));
  }

  private NamespaceUse joined(Namespace namespace) {
    NamespaceUse use = uses.join(namespace);
    assertNotNull(use);
    return use;
  }

  @Test
  void join_beyondTheQuota_refusedUntilOneLeaves() {
    uses.facts(only(A, Quota.CONNECTIONS, 2));
    NamespaceUse first = joined(A);
    assertEquals(first, joined(A));

    assertNull(uses.join(A));
    assertNotNull(uses.join(B));
    assertEquals(1, first.refusals(Quota.CONNECTIONS));
    first.leave();

    assertNotNull(uses.join(A));
    assertEquals(2, first.connections());
  }

  @Test
  void join_severalGateways_eachHoldsAnEqualPartRoundedUp() {
    uses.facts(only(A, Quota.CONNECTIONS, 4));
    uses.gateways(3);
    joined(A);
    joined(A);
    assertNull(uses.join(A));

    uses.gateways(1);

    joined(A);
  }

  /** Nobody is sent away for a quota that comes later, but whoever is there counts. */
  @Test
  void facts_laterThanConnections_countThem() {
    NamespaceUse use = joined(A);
    joined(A);
    assertTrue(use.mayPublish());
    assertEquals(0, use.messages(Quota.MESSAGES_IN), "nobody has named it");

    uses.facts(only(A, Quota.CONNECTIONS, 1));
    use.leave();
    assertNull(uses.join(A));
    assertTrue(use.mayPublish());
    assertEquals(1, use.messages(Quota.MESSAGES_IN));
    use.leave();

    assertEquals(use, joined(A));
  }

  @Test
  void rates_ofAConnectionThatIsThere_followTheFact() {
    NamespaceUse use = joined(A);
    uses.facts(only(A, Quota.MESSAGES_OUT, 1));
    assertTrue(use.maySend());
    assertFalse(use.maySend());
    assertTrue(use.mayPublish());

    uses.facts(only(A, Quota.MESSAGES_OUT, 2));
    assertTrue(use.maySend());
    uses.facts(only(B, Quota.MESSAGES_OUT, 1));

    for (int i = 0; i < 5; i++) {
      assertTrue(use.maySend());
    }
  }

  /** What is said of other namespaces gives nobody new tokens. */
  @Test
  void rates_thatStay_keepWhatIsSpent() {
    NamespaceUse use = joined(A);
    uses.facts(only(A, Quota.MESSAGES_IN, 1));
    assertTrue(use.mayPublish());

    uses.facts(only(A, Quota.MESSAGES_IN, 1));

    assertFalse(use.mayPublish());
  }

  @Test
  void witness_hearsOfThoseThatAreNamed_andOfNoOthers() {
    uses.listeners(Set.of(B));
    uses.join(Namespace.of("made-up"));
    assertEquals(List.of("named b"), told);

    uses.facts(only(A, Quota.SESSIONS, 1));
    uses.facts(Namespaces.NONE);

    assertEquals(List.of("named b", "named a", "forgotten a"), told);
  }

  @Test
  void listeners_others_theirNamespacesAreNamed() {
    uses.listeners(Set.of(A));
    uses.listeners(Set.of(B));

    assertEquals(Set.of("named a", "named b", "forgotten a"), Set.copyOf(told));
    assertEquals(3, told.size());
  }
}
