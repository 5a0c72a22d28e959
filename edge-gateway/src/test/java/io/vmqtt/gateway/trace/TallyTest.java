package io.vmqtt.gateway.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.cluster.operation.TopList;
import io.vmqtt.cluster.operation.TopList.Item;
import io.vmqtt.cluster.operation.TopList.Name;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of a count. */
class TallyTest {
  private static final Name QUIET = new Name("plant", "quiet");

  /** However much busier the others are: who sees one namespace sees what is busiest in it. */
  @Test
  void list_ofOneNamespace_isOfThatAlone() {
    Tally tally = new Tally();
    List<Item> waiting = new ArrayList<>();
    for (int i = 0; i < TopList.MOST * 2; i++) {
      Name busy = new Name("", "busy/" + i);
      for (int times = 0; times < 10; times++) {
        tally.published(busy, busy);
        tally.sent(busy, 100);
      }
      waiting.add(new Item("", "busy/" + i, 1_000));
    }
    tally.published(QUIET, QUIET);
    tally.sent(QUIET, 7);
    waiting.add(new Item("plant", "quiet", 3));

    TopList plant = tally.list(1_000, waiting, new Incidents.Sum(), "plant");
    assertEquals(List.of(new Item("plant", "quiet", 1)), plant.topics());
    assertEquals(List.of(new Item("plant", "quiet", 1)), plant.senders());
    assertEquals(List.of(new Item("plant", "quiet", 7)), plant.receivers());
    assertEquals(List.of(new Item("plant", "quiet", 3)), plant.waiting());

    TopList all = tally.list(1_000, waiting, new Incidents.Sum(), null);
    assertEquals(TopList.MOST, all.topics().size());
    assertEquals(TopList.MOST, all.waiting().size());
  }
}
