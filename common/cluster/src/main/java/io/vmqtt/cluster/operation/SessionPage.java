package io.vmqtt.cluster.operation;

import java.util.List;

/**
 * Sessions of the shards that one store leads, in their order.
 *
 * @param more whether there are others behind the last one
 * @param shards which they are
 */
public record SessionPage(List<SessionInfo> sessions, boolean more, List<Integer> shards) {
  public SessionPage {
    sessions = List.copyOf(sessions);
    shards = List.copyOf(shards);
  }
}
