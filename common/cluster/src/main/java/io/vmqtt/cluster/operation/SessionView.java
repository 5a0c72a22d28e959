package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a store knows of one session.
 *
 * @param leads whether it leads the shard of that client id; else it says nothing
 * @param session null: there is none
 * @param subscriptions of one that outlives its connection
 * @param will null: it has none, or the store is of a version that does not tell
 */
@JsonInclude
public record SessionView(
    boolean leads,
    @Nullable SessionInfo session,
    List<SubscriptionInfo> subscriptions,
    @Nullable WillInfo will) {
  public SessionView {
    subscriptions = List.copyOf(subscriptions);
  }

  /** Of a shard that another store leads. */
  public static final SessionView ELSEWHERE = new SessionView(false, null, List.of(), null);

  /**
   * One subscription.
   *
   * @param filter as the client wrote it, with {@code $share} where it has a group
   * @param qos the highest of its deliveries
   * @param identifier what deliveries carry; 0: none
   */
  @JsonInclude
  public record SubscriptionInfo(
      String filter, int qos, boolean noLocal, boolean retainAsPublished, int identifier) {}
}
