package io.vmqtt.gateway.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.operation.TopList.Item;
import io.vmqtt.cluster.operation.TopList.Loss;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.connection.Missed;
import io.vmqtt.model.Namespace;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is told of clients that connect again and again, and of what came to nothing. */
class IncidentsTest {
  private final AtomicLong now = new AtomicLong();
  private final Incidents incidents = new Incidents(now::get);

  private static Identity who(String namespace, String clientId) {
    return new Identity(
        Namespace.of(namespace), clientId, null, null, null, Map.of(), Long.MAX_VALUE, null);
  }

  private void connect(String clientId, int times) {
    for (int i = 0; i < times; i++) {
      incidents.connected(who("", clientId));
    }
  }

  private Incidents.Sum sum() {
    Incidents.Sum sum = new Incidents.Sum();
    sum.add(incidents);
    return sum;
  }

  @Test
  void flapping_moreThanOnce_ofThisMinuteAndTheOneBefore() {
    connect("a", 3);
    connect("once", 1);
    now.addAndGet(RecentCounts.PART_NANOS);
    connect("a", 2);
    connect("b", 2);
    assertEquals(List.of(new Item("", "a", 5), new Item("", "b", 2)), sum().flapping(null));

    now.addAndGet(RecentCounts.PART_NANOS);
    assertEquals(2, sum().flapping(null).size());
    assertEquals(new Item("", "a", 2), sum().flapping(null).getFirst());

    now.addAndGet(2 * RecentCounts.PART_NANOS);
    assertEquals(List.of(), sum().flapping(null));
  }

  /** However many come once, as after a fault of the network. */
  @Test
  void flapping_amongMany_isNeverTooHigh_andNobodyIsWronglyThere() {
    for (int i = 0; i < 50_000; i++) {
      connect("crowd-" + i, 1);
      if (i % 50 == 0) {
        connect("flapping", 1);
      }
    }

    List<Item> flapping = sum().flapping(null);
    assertEquals("flapping", flapping.getFirst().name());
    assertTrue(flapping.getFirst().count() <= 1_000, flapping::toString);
    assertTrue(flapping.getFirst().count() > 500, flapping::toString);
    assertEquals(1, flapping.size(), flapping::toString);
  }

  @Test
  void losses_ofSeveralLoops_byReasonAndClient_andOfOneNamespaceAlone() {
    incidents.missed(Missed.PUBLISH_DENIED, who("", "a"), 1);
    incidents.missed(Missed.PUBLISH_DENIED, who("", "a"), 1);
    incidents.missed(Missed.TOO_SLOW, who("plant", "a"), 1);
    Incidents other = new Incidents(now::get);
    other.missed(Missed.PUBLISH_DENIED, who("", "a"), 1);
    Incidents.Sum all = sum();
    Incidents.Sum more = new Incidents.Sum();
    more.add(other);
    all.add(more);

    assertEquals(
        List.of(new Loss("publish-denied", "", "a", 3), new Loss("too-slow", "plant", "a", 1)),
        all.losses(null));
    assertEquals(List.of(new Loss("too-slow", "plant", "a", 1)), all.losses("plant"));
  }
}
