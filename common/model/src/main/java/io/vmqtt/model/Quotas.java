package io.vmqtt.model;

import java.util.Map;

/**
 * The bounds of a namespace.
 *
 * @param limits how much it may have of each, at least 1; absent: there is no limit
 */
public record Quotas(Map<Quota, Long> limits) {
  /** Without a limit. */
  public static final Quotas NONE = new Quotas(Map.of());

  /** So much is never reached. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  public Quotas {
    limits = Map.copyOf(limits);
    limits.forEach(
        (quota, limit) -> {
          if (limit < 1) {
            throw new IllegalArgumentException(quota.label() + " must be at least 1, not " + limit);
          }
        });
  }

  /** How much there may be; {@link #UNLIMITED} where nothing bounds it. */
  public long limit(Quota quota) {
    return limits.getOrDefault(quota, UNLIMITED);
  }

  /**
   * How much there may be in each of so many places that do not ask one another: an equal part,
   * rounded up.
   */
  public long share(Quota quota, int places) {
    long limit = limit(quota);
    return limit == UNLIMITED ? UNLIMITED : Math.ceilDiv(limit, Math.max(1, places));
  }
}
