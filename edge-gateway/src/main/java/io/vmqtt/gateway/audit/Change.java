package io.vmqtt.gateway.audit;

import io.vmqtt.cluster.facts.Origin;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that decides who may do what is another from here on.
 *
 * @param of what it is about, such as {@code access}
 * @param origin where it was said; null: nobody knows
 * @param details what is known of it, by their names, in order: numbers, texts, lists of them, and
 *     objects
 */
public record Change(String of, @Nullable Origin origin, Map<String, Object> details) {
  /** So many of what was changed are named. */
  public static final int MOST_NAMED = 20;

  public Change {
    details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  /** One of which nothing more is known. */
  public static Change of(String what, @Nullable Origin origin) {
    return new Change(what, origin, Map.of());
  }

  /** The same, with one more detail. */
  public Change with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(details);
    more.put(name, value);
    return new Change(of, origin, more);
  }
}
