package io.vmqtt.cluster.operation;

/**
 * What passed between one client and its gateway while that counted.
 *
 * @param millis for how long it was counted; 0: it was not, as the client is not there, or enough
 *     others are counted
 * @param messagesIn PUBLISH packets from the client
 * @param messagesOut those to it
 * @param bytesIn of all packets from it, what TLS and WebSockets add not counted
 * @param bytesOut the same of those to it
 */
public record ClientTraffic(
    long millis, long messagesIn, long messagesOut, long bytesIn, long bytesOut) {
  /** Nothing was counted. */
  public static final ClientTraffic NONE = new ClientTraffic(0, 0, 0, 0, 0);

  /** Of another connection of the same client, too. */
  public ClientTraffic and(ClientTraffic other) {
    return new ClientTraffic(
        Math.max(millis, other.millis),
        messagesIn + other.messagesIn,
        messagesOut + other.messagesOut,
        bytesIn + other.bytesIn,
        bytesOut + other.bytesOut);
  }
}
