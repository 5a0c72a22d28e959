package io.vmqtt.gateway.access.rules;

import io.vmqtt.cluster.access.TopicTemplate.Level;
import io.vmqtt.cluster.access.TopicTemplate.Variable;
import io.vmqtt.cluster.access.Who;
import io.vmqtt.gateway.access.Identity;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client as rules see it, which remembers what its variables stand for. */
final class Subject {
  private final Identity who;

  /** What has been asked for; empty: it has nothing that can be used. */
  private final Map<Variable, String> values = new HashMap<>(4);

  private long steps;

  Subject(Identity who) {
    this.who = who;
  }

  /** One more step was taken to find what decides about it. */
  void step() {
    steps++;
  }

  /** How many were taken. */
  long steps() {
    return steps;
  }

  Identity identity() {
    return who;
  }

  boolean isAmong(Who some) {
    return who.isAmong(some);
  }

  /**
   * What stands in a level of a topic for this client; null: nothing can.
   *
   * @param first whether it is the first level
   */
  @Nullable String fill(Level.Filled level, boolean first) {
    return level.fill(this::value, first);
  }

  private @Nullable String value(Variable variable) {
    String value =
        values.computeIfAbsent(
            variable,
            one -> {
              String found = who.value(one);
              return found == null ? "" : found;
            });
    return value.isEmpty() ? null : value;
  }
}
