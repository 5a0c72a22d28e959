package io.vmqtt.registry.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PageTest {
  private static final Page.Reading<Integer, Integer> NUMBERS =
      new Page.Reading<Integer, Integer>(
          number -> number, Comparator.naturalOrder(), String::valueOf);

  private static Page<Integer> merged(int limit, List<Page.Part<Integer, Integer>> parts) {
    return Page.merged(parts, NUMBERS, limit, List.of());
  }

  @Test
  void merged_nobodyHasAnything_isTheLastPage() {
    Page<Integer> page = merged(10, List.of(new Page.Part<>(List.of(), null)));

    assertTrue(page.items().isEmpty());
    assertEquals(null, page.next());
  }

  @Test
  void merged_oneHasMore_nothingFromBeyondWhatItTold() {
    Page<Integer> page =
        merged(
            10, List.of(new Page.Part<>(List.of(1, 3), 3), new Page.Part<>(List.of(2, 9), null)));

    assertEquals(List.of(1, 2, 3), page.items());
    assertEquals("3", page.next());
  }

  @Test
  void merged_oneHasLookedAtManyInVain_pageIsEmptyAndNotTheLast() {
    Page<Integer> page =
        merged(10, List.of(new Page.Part<>(List.of(), 5), new Page.Part<>(List.of(7), null)));

    assertTrue(page.items().isEmpty());
    assertEquals("5", page.next());
  }

  @Test
  void merged_equalOnesAtTheEnd_areNotParted() {
    Page<Integer> page =
        merged(
            2, List.of(new Page.Part<>(List.of(1, 2), null), new Page.Part<>(List.of(2, 3), null)));

    assertEquals(List.of(1, 2, 2), page.items());
    assertEquals("2", page.next());
  }

  @Test
  void walk_ofManyParts_tellsEachOnceInOrder() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      List<List<Integer>> nodes = new ArrayList<>();
      for (int node = 0; node < 1 + random.nextInt(4); node++) {
        int of = node;
        int count = 1 + random.nextInt(4);
        nodes.add(
            IntStream.range(0, random.nextInt(40))
                .filter(i -> i % count == 0)
                .mapToObj(i -> i * 4 + of)
                .toList());
      }
      int limit = 1 + random.nextInt(7);
      List<Integer> walked = new ArrayList<>();
      @Nullable String cursor = null;
      do {
        int after = cursor == null ? -1 : Integer.parseInt(cursor);
        List<Page.Part<Integer, Integer>> parts = new ArrayList<>();
        for (List<Integer> node : nodes) {
          List<Integer> behind = node.stream().filter(number -> number > after).toList();
          parts.add(
              Page.Part.of(
                  behind.subList(0, Math.min(limit, behind.size())),
                  behind.size() > limit,
                  (Integer number) -> number));
        }
        Page<Integer> page = merged(limit, parts);
        walked.addAll(page.items());
        cursor = page.next();
      } while (cursor != null);

      assertEquals(nodes.stream().flatMap(List::stream).sorted().toList(), walked);
    }
  }
}
