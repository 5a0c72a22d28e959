package io.vmqtt.cluster.operation;

/** What gateways can be asked. */
public final class GatewayOperations {
  /** Lists its clients. */
  public static final Operation<ClientQuery, ClientPage> CLIENTS =
      new Operation<>("clients", ClientQuery.class, ClientPage.class);

  /** Tells of one client. */
  public static final Operation<ClientName, ClientPage> CLIENT =
      new Operation<>("client", ClientName.class, ClientPage.class);

  /** Counts for a moment what passes between it and one client. */
  public static final Operation<TrafficQuery, ClientTraffic> TRAFFIC =
      new Operation<>("client-traffic", TrafficQuery.class, ClientTraffic.class);

  /** Ends a connection. */
  public static final Operation<Disconnection, Disconnection.Done> DISCONNECT =
      new Operation<>("disconnect", Disconnection.class, Disconnection.Done.class);

  /** Publishes, in its own name and not a client's: access rules do not apply. */
  public static final Operation<Publication, Publication.Outcomes> PUBLISH =
      new Operation<>("publish", Publication.class, Publication.Outcomes.class);

  /** Has clients of it get messages that are for them alone; tells of those it has. */
  public static final Operation<DirectedMessages, DirectedMessages.Outcomes> DELIVER =
      new Operation<>("deliver", DirectedMessages.class, DirectedMessages.Outcomes.class);

  /** Ends a session, and the connection that has it. */
  public static final Operation<ClientName, SessionEnd> END_SESSION =
      new Operation<>("end-session", ClientName.class, SessionEnd.class);

  /** Tells what it would do with a message, of its client's or for it. */
  public static final Operation<ExplainQuery, GatewayProspect> EXPLAIN =
      new Operation<>("explain", ExplainQuery.class, GatewayProspect.class);

  /** Counts for a moment what passes, and tells what is busiest. */
  public static final Operation<TopQuery, TopList> TOP =
      new Operation<>("top", TopQuery.class, TopList.class);

  /** Writes down what passes between it and clients, for a time. */
  public static final Operation<TraceSpec, TraceStart> START_TRACE =
      new Operation<>("start-trace", TraceSpec.class, TraceStart.class);

  /** Ends that, and forgets what was written down. */
  public static final Operation<TraceName, TraceName> END_TRACE =
      new Operation<>("end-trace", TraceName.class, TraceName.class);

  /** Lists traces. */
  public static final Operation<TraceList.Question, TraceList> TRACES =
      new Operation<>("traces", TraceList.Question.class, TraceList.class);

  /** Tells what was written down. */
  public static final Operation<TraceQuery, TraceEvents> TRACE_EVENTS =
      new Operation<>("trace-events", TraceQuery.class, TraceEvents.class);

  /** Lists whom it holds off: those that it has found, and those of whom the cluster knows. */
  public static final Operation<HeldOffQuery, HeldOffPage> HOLD_OFFS =
      new Operation<>("hold-offs", HeldOffQuery.class, HeldOffPage.class);

  /** Lists where it listens for clients. */
  public static final Operation<Nothing, ListenerList> LISTENERS =
      new Operation<>("listeners", Nothing.class, ListenerList.class);

  /**
   * Tells of messages as they come, until whoever reads it closes it: lines of JSON, each a {@link
   * Heard}. It begins when the subscriptions are in force on every node.
   */
  public static final Download<MessageQuery> MESSAGES =
      new Download<>("messages", MessageQuery.class, "application/x-ndjson", ".ndjson");

  private GatewayOperations() {}
}
