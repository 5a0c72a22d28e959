package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a store would do with a message for one session.
 *
 * @param leads whether it leads the shard of that client id; else it says nothing
 * @param session null: there is none
 * @param match its subscriptions; of one that outlives its connection
 * @param queue null: there is no session
 */
@JsonInclude
public record SessionProspect(
    boolean leads,
    @Nullable SessionInfo session,
    SubscriptionMatch match,
    @Nullable QueueRoom queue) {
  /** Of a shard that another store leads. */
  public static final SessionProspect ELSEWHERE =
      new SessionProspect(false, null, SubscriptionMatch.NONE, null);

  /**
   * What its queue takes.
   *
   * @param maxMessages how many messages
   * @param maxBytes how many bytes of messages
   * @param full whether a bound is reached
   * @param namespaceFull whether all queues of its namespace in its shard together have reached
   *     theirs
   * @param dropsOldest beyond a bound its oldest messages give way; else the new one is refused
   */
  public record QueueRoom(
      int maxMessages, long maxBytes, boolean full, boolean namespaceFull, boolean dropsOldest) {}
}
