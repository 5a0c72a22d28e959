package io.vmqtt.cluster.bans;

import io.vmqtt.cluster.facts.Authored;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * Who is held off for a while, as gateways have found.
 *
 * @param version as of {@link Authored}
 * @param all who, since when and until when
 */
public record HeldOff(long version, Map<Suspect, HoldOff> all) implements Authored<HeldOff> {
  /** Nobody. */
  public static final HeldOff NONE = new HeldOff(0, Map.of());

  /**
   * Of more than so many, those whose time is over first are left to the gateways that found them.
   */
  public static final int MOST = 1_000;

  public HeldOff {
    Authored.requireVersion(version);
    all = Map.copyOf(all);
  }

  /**
   * The next version: with others, and without those whose time is over. Of two about the same the
   * one that lasts longer counts, unless it is pardoned: it would hide the one that is not.
   */
  public HeldOff with(Map<Suspect, HoldOff> others, Pardons pardons, long nowMillis) {
    Map<Suspect, HoldOff> next = without(pardons);
    without(others, pardons).forEach((suspect, one) -> next.merge(suspect, one, HoldOff::longer));
    next.values().removeIf(one -> one.hasEnded(nowMillis));
    if (next.size() > MOST) {
      next.entrySet().stream()
          .sorted(Map.Entry.comparingByValue(Comparator.comparingLong(HoldOff::untilMillis)))
          .limit(next.size() - MOST)
          .map(Map.Entry::getKey)
          .toList()
          .forEach(next::remove);
    }
    return new HeldOff(0, next).after(this, nowMillis);
  }

  /** Those who are left when some are pardoned. */
  public Map<Suspect, HoldOff> without(Pardons pardons) {
    return without(all, pardons);
  }

  private static Map<Suspect, HoldOff> without(Map<Suspect, HoldOff> some, Pardons pardons) {
    Map<Suspect, HoldOff> left = new HashMap<>(some);
    left.entrySet()
        .removeIf(one -> pardons.find(one.getKey(), one.getValue().sinceMillis()) != null);
    return left;
  }

  @Override
  public boolean saysTheSameAs(HeldOff other) {
    return all.equals(other.all);
  }

  @Override
  public HeldOff withVersion(long newVersion) {
    return new HeldOff(newVersion, all);
  }
}
