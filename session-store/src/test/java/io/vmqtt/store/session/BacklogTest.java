package io.vmqtt.store.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class BacklogTest {
  /** What a backlog should be, the plain way. */
  private record Entry(long body, int bytes, boolean shared, boolean received) {}

  @Test
  void anything_randomOperations_sameAsAPlainMap() {
    for (long seed = 0; seed < 50; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      Backlog backlog = new Backlog();
      NavigableMap<Long, Entry> plain = new TreeMap<>();
      long next = 0;
      for (int step = 0; step < 2000; step++) {
        long some = next == 0 ? 0 : random.nextLong(Math.max(1, next - 100), next + 1);
        switch (random.nextInt(4)) {
          case 0, 1 -> {
            next += 1 + random.nextInt(2);
            boolean shared = random.nextInt(10) == 0;
            backlog.add(next, next * 10, 5, shared);
            plain.put(next, new Entry(next * 10, 5, shared, false));
          }
          case 2 -> {
            Entry removed = plain.remove(some);
            assertEquals(removed == null ? 0 : removed.body(), backlog.remove(some));
          }
          default -> {
            Entry entry = plain.get(some);
            long needless = entry == null || entry.received() ? 0 : entry.body();
            assertEquals(needless, backlog.receive(some));
            plain.computeIfPresent(some, (key, old) -> new Entry(0, 0, false, true));
          }
        }
        check(seed, backlog, plain, some);
      }
    }
  }

  private static void check(
      long seed, Backlog backlog, NavigableMap<Long, Entry> plain, long some) {
    String message = "seed " + seed;
    assertEquals(plain.size(), backlog.size(), message);
    assertEquals(plain.isEmpty() ? 0 : plain.firstKey(), backlog.first(), message);
    assertEquals(plain.containsKey(some), backlog.contains(some), message);
    int nth = (int) (some % 20);
    assertEquals(
        plain.keySet().stream().limit(nth).reduce(0L, (before, sequence) -> sequence),
        backlog.nth(nth),
        message);
    Entry entry = plain.get(some);
    assertEquals(entry != null && entry.received(), backlog.isReceived(some), message);
    assertEquals(entry != null && entry.shared(), backlog.isShared(some), message);
    assertEquals(plain.values().stream().anyMatch(Entry::shared), backlog.hasShared(), message);
    Map.Entry<Long, Entry> higher = plain.higherEntry(some);
    assertEquals(higher == null ? 0 : higher.getKey(), backlog.after(some), message);
    assertEquals(plain.headMap(some, true).size(), backlog.countThrough(some), message);
    assertEquals(
        plain.values().stream().mapToLong(Entry::bytes).sum(), backlog.totalBytes(), message);
  }

  @Test
  void add_sequenceNotAbove_refused() {
    Backlog backlog = new Backlog();
    backlog.add(5, 0, 1, false);
    assertThrows(IllegalArgumentException.class, () -> backlog.add(5, 0, 1, false));
  }

  @Test
  void shared_someAndOrdinaryOnes_thoseAloneWithTheirBodies() {
    Backlog backlog = new Backlog();
    backlog.add(1, 10, 5, false);
    backlog.add(2, 20, 7, true);
    backlog.add(3, 30, 9, true);
    backlog.receive(3);
    Backlog shared = backlog.shared();
    assertEquals(1, shared.size());
    assertEquals(2, shared.first());
    assertEquals(20, shared.bodyOf(2));
    assertEquals(7, shared.totalBytes());
  }
}
