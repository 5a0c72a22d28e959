package io.vmqtt.gateway.connection;

/**
 * Bounds of one connection.
 *
 * @param receiveMaximum QoS 1 and 2 publishes of the client that may be unacknowledged; an MQTT 5
 *     client that sends more is disconnected (0x93), from others reading stops
 * @param maxInFlight deliveries of QoS 1 and 2 that may be unacknowledged, if the client allows as
 *     many
 * @param maxQueuedMessages further deliveries that a transient session holds back; with one more
 *     the client is disconnected (0x97), and its session ends
 * @param maxQueuedBytes and their bytes
 * @param topicAliasMaximum topic aliases that the client may use
 * @param maxKeepAliveSeconds longest keep alive; longer ones, and none, are lowered to it for MQTT
 *     5; 0: no limit
 * @param maxPacketBytes largest packet that is taken
 * @param topics bounds of topics and subscriptions
 * @param deniedPublishes what comes of those before MQTT 5
 */
public record Limits(
    int receiveMaximum,
    int maxInFlight,
    int maxQueuedMessages,
    long maxQueuedBytes,
    int topicAliasMaximum,
    int maxKeepAliveSeconds,
    int maxPacketBytes,
    TopicLimits topics,
    DeniedPublishes deniedPublishes) {
  public static final Limits DEFAULT = new Limits(1024, 1024, 10_000, 32L << 20, 32, 0, 1 << 20);

  /** Limits of a listener that closes connections for denied publishes. */
  public Limits(
      int receiveMaximum,
      int maxInFlight,
      int maxQueuedMessages,
      long maxQueuedBytes,
      int topicAliasMaximum,
      int maxKeepAliveSeconds,
      int maxPacketBytes,
      TopicLimits topics) {
    this(
        receiveMaximum,
        maxInFlight,
        maxQueuedMessages,
        maxQueuedBytes,
        topicAliasMaximum,
        maxKeepAliveSeconds,
        maxPacketBytes,
        topics,
        DeniedPublishes.CLOSE);
  }

  /** Limits with the defaults for topics. */
  public Limits(
      int receiveMaximum,
      int maxInFlight,
      int maxQueuedMessages,
      long maxQueuedBytes,
      int topicAliasMaximum,
      int maxKeepAliveSeconds,
      int maxPacketBytes) {
    this(
        receiveMaximum,
        maxInFlight,
        maxQueuedMessages,
        maxQueuedBytes,
        topicAliasMaximum,
        maxKeepAliveSeconds,
        maxPacketBytes,
        TopicLimits.DEFAULT);
  }

  /** The same, with another bound for the bytes of waiting deliveries. */
  public Limits withMaxQueuedBytes(long newMaxQueuedBytes) {
    return new Limits(
        receiveMaximum,
        maxInFlight,
        maxQueuedMessages,
        newMaxQueuedBytes,
        topicAliasMaximum,
        maxKeepAliveSeconds,
        maxPacketBytes,
        topics,
        deniedPublishes);
  }
}
