package io.vmqtt.gateway.sessions;

import io.vmqtt.gateway.connection.SessionOwner;
import io.vmqtt.gateway.local.LocalSubscriptions;
import io.vmqtt.model.RecentTopics;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the sessions of one event loop share. Confined to it. */
public final class Sessions {
  /** More than come while a page of retained messages is under way. */
  private static final int RECENT_TOPICS = 16_384;

  final SessionLane lane;
  final LocalSubscriptions subscriptions;
  final Routes routes;
  final RetainedReads retainedReads = new RetainedReads();
  private final RecentTopics recentTopics = new RecentTopics(RECENT_TOPICS);
  private final Set<DurableSession> withAcknowledgements = new LinkedHashSet<>();
  private final Set<RetainedDeliveries> retainedOpen = new LinkedHashSet<>();
  private final List<Runnable> atNextLook = new ArrayList<>();
  private final Runnable sendAcknowledgements = this::sendAcknowledgements;
  private long looks;

  /** None yet. */
  public Sessions(SessionLane lane, LocalSubscriptions subscriptions, Routes routes) {
    this.lane = lane;
    this.subscriptions = subscriptions;
    this.routes = routes;
  }

  /**
   * A session that a connection owns from now on.
   *
   * @param durable whether it outlives the connection
   */
  public LaneSession begin(
      SessionOwner owner, Attachment attachment, ShardPath path, boolean durable) {
    return durable
        ? new DurableSession(this, owner, attachment, path)
        : new TransientSession(this, owner, attachment, path);
  }

  /** Topics whose retained message was replaced lately, as far as transient sessions heard. */
  public RecentTopics recentTopics() {
    return recentTopics;
  }

  /** Time passes; to be called now and then. */
  public void look() {
    looks++;
    List<Runnable> due = List.copyOf(atNextLook);
    atNextLook.clear();
    due.forEach(Runnable::run);
    List.copyOf(retainedOpen).forEach(RetainedDeliveries::proceed);
  }

  /** Counts looks. */
  long looks() {
    return looks;
  }

  /** Has {@code task} run at the next look; there is one for each request that failed at most. */
  void atNextLook(Runnable task) {
    atNextLook.add(task);
  }

  /** Whether these have anything open, and are to be asked now and then to go on. */
  void hasRetainedOpen(RetainedDeliveries deliveries, boolean open) {
    if (open) {
      retainedOpen.add(deliveries);
    } else {
      retainedOpen.remove(deliveries);
    }
  }

  /** It has acknowledgements that leave at the end of this run. */
  void hasAcknowledgements(DurableSession session) {
    if (withAcknowledgements.isEmpty()) {
      lane.flushAtEnd(sendAcknowledgements);
    }
    withAcknowledgements.add(session);
  }

  private void sendAcknowledgements() {
    withAcknowledgements.forEach(DurableSession::sendAcknowledgements);
    withAcknowledgements.clear();
  }

  void forget(DurableSession session) {
    withAcknowledgements.remove(session);
  }
}
