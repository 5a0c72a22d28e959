package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list of the whole cluster.
 *
 * @param items in the order of the list; there may be none on a page that is not the last
 * @param next what to give as {@code cursor} for the next part; null: this was the last one
 * @param missing nodes whose part of the list is not in it
 */
@JsonInclude
public record Page<T>(List<T> items, @Nullable String next, List<Missing> missing) {
  public Page {
    items = List.copyOf(items);
    missing = List.copyOf(missing);
  }

  /**
   * One part of what somebody has.
   *
   * @param items in order, all behind the same place
   * @param through up to there he has no others; null: nor behind it
   * @param <K> a place in the list
   */
  record Part<T, K>(List<T> items, @Nullable K through) {

    /** That tells whether there are more, and ends with the last one that is told. */
    static <T, K> Part<T, K> of(List<T> items, boolean more, Function<T, K> placeOf) {
      return new Part<>(items, more && !items.isEmpty() ? placeOf.apply(items.getLast()) : null);
    }
  }

  /** How a list is read. */
  record Reading<T, K>(Function<T, K> placeOf, Comparator<K> order, Function<K, String> cursorOf) {}

  /**
   * The lowest of what several have, as far as each of them has told all. Those at the same place
   * are never parted.
   */
  static <T, K> Page<T> merged(
      Collection<Part<T, K>> parts, Reading<T, K> reading, int limit, List<Missing> missing) {
    Comparator<K> order = reading.order();
    @Nullable K known = null;
    List<T> all = new ArrayList<>();
    for (Part<T, K> part : parts) {
      all.addAll(part.items());
      K through = part.through();
      if (through != null && (known == null || order.compare(through, known) < 0)) {
        known = through;
      }
    }
    K end = known;
    if (end != null) {
      all.removeIf(item -> order.compare(reading.placeOf().apply(item), end) > 0);
    }
    all.sort(Comparator.comparing(reading.placeOf(), order));
    int count = Math.min(limit, all.size());
    while (count > 0
        && count < all.size()
        && order.compare(
                reading.placeOf().apply(all.get(count - 1)),
                reading.placeOf().apply(all.get(count)))
            == 0) {
      count++;
    }
    @Nullable K next = count < all.size() ? reading.placeOf().apply(all.get(count - 1)) : known;
    return new Page<>(
        all.subList(0, count), next == null ? null : reading.cursorOf().apply(next), missing);
  }
}
