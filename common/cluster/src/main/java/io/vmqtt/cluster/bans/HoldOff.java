package io.vmqtt.cluster.bans;

/**
 * That somebody is held off for a while: milliseconds since 1970, by the clock of the gateway that
 * has found it.
 *
 * @param sinceMillis 0 where nobody has noted it
 * @param untilMillis from then on no more
 */
public record HoldOff(long sinceMillis, long untilMillis) {

  public boolean hasEnded(long nowMillis) {
    return nowMillis >= untilMillis;
  }

  /** Of two of the same, the one that lasts longer. */
  static HoldOff longer(HoldOff one, HoldOff other) {
    return one.untilMillis >= other.untilMillis ? one : other;
  }
}
