package io.vmqtt.store.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.conformance.Conforms;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class PacketIdsTest {
  private static final int COUNT = 7;

  private final Backlog backlog = new Backlog();
  private final PacketIds ids = new PacketIds(backlog, COUNT);

  private void queue(long through) {
    for (long sequence = 1; sequence <= through; sequence++) {
      backlog.add(sequence, 0, 1, false);
    }
  }

  private void acknowledge(long sequence) {
    backlog.remove(sequence);
    ids.left(sequence);
  }

  @Test
  void of_noneInUse_followsFromTheSequence() {
    queue(1);
    assertEquals(2, ids.of(1));
    PacketIds all = new PacketIds(backlog);
    assertEquals(65_535, all.of(65_534));
    acknowledge(1);
    assertEquals(1, all.of(65_535));
    assertEquals(2, all.of(65_536));
  }

  @Test
  void free_olderDeliveryHasItsOwn_theOneUsedLast() {
    queue(8);
    for (long sequence = 2; sequence <= 6; sequence++) {
      acknowledge(sequence);
    }
    assertEquals(0, ids.of(8), "1 has it");
    assertEquals(ids.of(6), ids.free(8), "7 has a later one");
    acknowledge(1);
    assertNotEquals(0, ids.of(8));
  }

  @Test
  void free_allInUse_none() {
    queue(8);
    assertEquals(0, ids.free(8));
  }

  /**
   * Leaders push a queue in order and are overthrown, commands of theirs come late or never,
   * clients come back and acknowledge in any order. No packet id ever means two deliveries, every
   * delivery keeps its own, and nothing waits while an id is free.
   */
  @Test
  @Conforms(v311 = "MQTT-2.3.1-4", v5 = "MQTT-2.2.1-4")
  void any_leadersAndConnectionsChange_asAClientMustSeeThem() {
    for (long seed = 0; seed < 3000; seed++) {
      new Run(RandomGeneratorFactory.of("L64X128MixRandom").create(seed), "seed " + seed).run();
    }
  }

  private static final class Run {
    private final Backlog queue = new Backlog();
    private final PacketIds durable = new PacketIds(queue, COUNT);
    private final Map<Integer, Long> atClient = new HashMap<>();
    private final Map<Long, Integer> sentWith = new HashMap<>();
    private final Deque<Long> log = new ArrayDeque<>();
    private final RandomGenerator random;
    private final String message;
    private long lastSequence;
    private long pushedThrough;
    private long asked;

    Run(RandomGenerator random, String message) {
      this.random = random;
      this.message = message;
    }

    void run() {
      for (int step = 0; step < 300; step++) {
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> queue.add(++lastSequence, 0, 1, false);
          case 3, 4, 5 -> push();
          case 6, 7 -> acknowledgeAny();
          case 8 -> applyNext();
          default -> overthrow();
        }
      }
      while (!log.isEmpty()) {
        applyNext();
      }
      for (int each = 0; each < 3 * COUNT; each++) {
        push();
        applyNext();
      }
      assertTrue(
          queue.after(pushedThrough) == 0 || atClient.size() == COUNT,
          message + ": something waits though an id is free");
    }

    private void push() {
      long sequence = queue.after(pushedThrough);
      if (sequence == 0) {
        return;
      }
      int id = durable.of(sequence);
      if (id != 0) {
        Long other = atClient.put(id, sequence);
        Integer before = sentWith.put(sequence, id);
        if (before == null) {
          assertNull(other, message + ": id " + id + " of " + other + " given to " + sequence);
        } else {
          assertEquals(before, id, message + ": another id for " + sequence);
          assertEquals(sequence, other, message);
        }
        pushedThrough = sequence;
      } else if (asked != sequence && durable.free(sequence) != 0) {
        asked = sequence;
        log.addLast(sequence);
      }
    }

    /** As the log decides {@link Command.AllotPacketId}. */
    private void applyNext() {
      Long sequence = log.pollFirst();
      if (sequence != null && queue.contains(sequence) && durable.of(sequence) == 0) {
        int free = durable.free(sequence);
        if (free != 0) {
          durable.allot(sequence, free);
        }
      }
    }

    private void acknowledgeAny() {
      List<Integer> open = new ArrayList<>(atClient.keySet());
      if (!open.isEmpty()) {
        int id = open.get(random.nextInt(open.size()));
        Long sequence = atClient.remove(id);
        if (sequence != null) {
          sentWith.remove(sequence);
          queue.remove(sequence);
          durable.left(sequence);
        }
      }
    }

    /** The next leader, or the next connection, begins from the front, or from where this was. */
    private void overthrow() {
      if (random.nextBoolean()) {
        pushedThrough = 0;
      }
      asked = 0;
      if (random.nextBoolean()) {
        log.clear();
      }
    }
  }
}
