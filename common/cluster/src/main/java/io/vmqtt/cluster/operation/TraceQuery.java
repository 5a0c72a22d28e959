package io.vmqtt.cluster.operation;

import java.util.Map;

/**
 * Which events of a trace.
 *
 * @param after by the id of a node: of that, only those behind this number; absent: from the first
 *     on
 * @param limit at most so many
 */
public record TraceQuery(String id, Map<String, Long> after, int limit) {
  /** A node gives no more than that at once. */
  public static final int MOST = 1_000;

  public TraceQuery {
    after = Map.copyOf(after);
    PageLimit.require(limit, MOST);
  }
}
