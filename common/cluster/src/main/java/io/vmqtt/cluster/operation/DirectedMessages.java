package io.vmqtt.cluster.operation;

import java.util.List;

/**
 * Messages that are each for one client, in their order: nobody else gets them, whatever others
 * have subscribed to.
 *
 * @param namespace of all of them; empty: the nameless one
 * @param messages none of them to be retained
 * @param to who gets which
 */
public record DirectedMessages(
    String namespace, List<Publication.OneMessage> messages, List<Direction> to) {
  public DirectedMessages {
    messages = List.copyOf(messages);
    to = List.copyOf(to);
    if (to.size() > Publication.MOST) {
      throw new IllegalArgumentException(
          "at most " + Publication.MOST + " messages at once, not " + to.size());
    }
  }

  /**
   * One message for one client.
   *
   * @param id names it in the answer
   * @param message its place in the list
   */
  public record Direction(int id, int message, String clientId) {}

  /** What one node says became of each that is its concern. */
  public record Outcomes(List<Outcome> outcomes) {
    public Outcomes {
      outcomes = List.copyOf(outcomes);
    }
  }

  /**
   * What became of one.
   *
   * @param id of the {@link Direction}
   * @param reason why it was refused, as in PUBACK [MQTT-3.4.2.1]; else 0
   */
  public record Outcome(int id, What what, int reason) {
    /** One that was not refused. */
    public Outcome(int id, What what) {
      this(id, what, 0);
    }
  }

  /** What may become of one. */
  public enum What {
    /** The gateway of the client has put it on its connection, or holds it there in its turn. */
    DELIVERED,
    /** It is in the queue of its session, which is committed. */
    QUEUED,
    /** At QoS 0 it was sent towards its gateway; nobody says whether it arrives. */
    SENT,
    /** The client is not connected, and nothing is kept for it. */
    OFFLINE,
    /** There is no session of that client. */
    UNKNOWN,
    /** The client has not subscribed to the topic, but maybe as a member of a share group. */
    NO_SUBSCRIPTION,
    /** Its session has no room for it, or its store or gateway does not take it. */
    REFUSED,
    /** The session is at the gateway of the client, which has to be asked. */
    AT_GATEWAY
  }
}
