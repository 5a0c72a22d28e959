package io.vmqtt.cluster.operation;

/** What stores can be asked. Each tells of the shards that it leads, and of no others. */
public final class StoreOperations {
  /** Lists sessions. */
  public static final Operation<SessionQuery, SessionPage> SESSIONS =
      new Operation<>("sessions", SessionQuery.class, SessionPage.class);

  /** Tells of one session. */
  public static final Operation<ClientName, SessionView> SESSION =
      new Operation<>("session", ClientName.class, SessionView.class);

  /** Looks at a queue. */
  public static final Operation<QueueQuery, QueuePage> QUEUE =
      new Operation<>("queue", QueueQuery.class, QueuePage.class);

  /** Clears a queue. */
  public static final Operation<QueueClearing, QueueCleared> CLEAR_QUEUE =
      new Operation<>("clear-queue", QueueClearing.class, QueueCleared.class);

  /** Has sessions get messages that are for them alone; tells of those of shards that it leads. */
  public static final Operation<DirectedMessages, DirectedMessages.Outcomes> DELIVER =
      new Operation<>("deliver", DirectedMessages.class, DirectedMessages.Outcomes.class);

  /** Tells which sessions have the longest queues. */
  public static final Operation<LongQueuesQuery, LongQueues> LONG_QUEUES =
      new Operation<>("long-queues", LongQueuesQuery.class, LongQueues.class);

  /** Lists retained messages. */
  public static final Operation<RetainedQuery, RetainedShards> RETAINED =
      new Operation<>("retained", RetainedQuery.class, RetainedShards.class);

  /** Tells what it would do with a message for a session. */
  public static final Operation<ExplainQuery, SessionProspect> EXPLAIN =
      new Operation<>("explain", ExplainQuery.class, SessionProspect.class);

  private StoreOperations() {}
}
