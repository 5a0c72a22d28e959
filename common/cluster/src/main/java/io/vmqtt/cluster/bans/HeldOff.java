package io.vmqtt.cluster.bans;

import io.vmqtt.cluster.facts.Authored;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * Who is held off for a while, as gateways have found.
 *
 * @param version as of {@link Authored}
 * @param untilMillis by whom, until when: milliseconds since 1970
 */
public record HeldOff(long version, Map<Suspect, Long> untilMillis) implements Authored<HeldOff> {
  /** Nobody. */
  public static final HeldOff NONE = new HeldOff(0, Map.of());

  /**
   * Of more than so many, those whose time is over first are left to the gateways that found them.
   */
  public static final int MOST = 1_000;

  public HeldOff {
    Authored.requireVersion(version);
    untilMillis = Map.copyOf(untilMillis);
  }

  /** The next version: with others, and without those whose time is over. */
  public HeldOff with(Map<Suspect, Long> others, long nowMillis) {
    Map<Suspect, Long> all = new HashMap<>(untilMillis);
    others.forEach((suspect, until) -> all.merge(suspect, until, Long::max));
    all.values().removeIf(until -> until <= nowMillis);
    if (all.size() > MOST) {
      all.entrySet().stream()
          .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
          .limit(all.size() - MOST)
          .map(Map.Entry::getKey)
          .toList()
          .forEach(all::remove);
    }
    return new HeldOff(0, all).after(this, nowMillis);
  }

  @Override
  public boolean saysTheSameAs(HeldOff other) {
    return untilMillis.equals(other.untilMillis);
  }

  @Override
  public HeldOff withVersion(long newVersion) {
    return new HeldOff(newVersion, untilMillis);
  }
}
