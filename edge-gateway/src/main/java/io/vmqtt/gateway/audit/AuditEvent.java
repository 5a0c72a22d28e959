package io.vmqtt.gateway.audit;

import io.vmqtt.cluster.bans.Suspect;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Unanswered;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One decision of access control.
 *
 * @param listener where the client came in; empty: it is about all of them
 * @param reason {@link ReasonCode#SUCCESS}: it was allowed
 * @param userName null: nobody knows one
 * @param peer where it comes from; null where the transport cannot tell
 * @param topic of the publish or the will, or the filter; null where it is about the client
 * @param rule that refused it; null: no rule was asked
 * @param undecided why nobody decided; null: somebody did, or the connection was ended for the
 *     reason
 */
public record AuditEvent(
    Kind kind,
    String listener,
    ReasonCode reason,
    Namespace namespace,
    String clientId,
    @Nullable String userName,
    @Nullable SocketAddress peer,
    @Nullable String topic,
    @Nullable String rule,
    Unanswered.@Nullable Why undecided) {

  /** What clients say is cut: the audit is bounded in bytes, too. */
  private static final int MOST_CHARACTERS = 256;

  public AuditEvent {
    clientId = cut(clientId);
    userName = userName == null ? null : cut(userName);
    topic = topic == null ? null : cut(topic);
    rule = rule == null ? null : cut(rule);
  }

  /**
   * What was decided about a client, or what it may not do.
   *
   * @param topic null: it is about the client
   */
  public static AuditEvent of(
      Kind kind, String listener, ReasonCode reason, Identity who, @Nullable String topic) {
    return of(kind, listener, reason, who, topic, null);
  }

  /** Nobody decided. */
  static AuditEvent undecided(
      Kind kind, String listener, Identity who, @Nullable String topic, Unanswered unanswered) {
    Unanswered.Why why = unanswered.why();
    return of(
        kind, listener, unanswered.reason(), who, topic, why == Unanswered.Why.ENDED ? null : why);
  }

  private static AuditEvent of(
      Kind kind,
      String listener,
      ReasonCode reason,
      Identity who,
      @Nullable String topic,
      Unanswered.@Nullable Why undecided) {
    return new AuditEvent(
        kind,
        listener,
        reason,
        who.namespace(),
        who.clientId(),
        who.userName(),
        who.peer(),
        topic,
        null,
        undecided);
  }

  /**
   * An address, or a user or a client there, is held off.
   *
   * @param peer who has brought that about
   */
  public static AuditEvent heldOff(Suspect suspect, @Nullable SocketAddress peer) {
    return new AuditEvent(
        Kind.HOLD_OFF,
        "",
        ReasonCode.BANNED,
        suspect.namespace(),
        suspect.kind() == Suspect.Kind.CLIENT_ID ? suspect.name() : "",
        suspect.kind() == Suspect.Kind.USER ? suspect.name() : null,
        peer,
        null,
        null,
        null);
  }

  /** The same with the rule that refused it. */
  public AuditEvent by(@Nullable String refusedBy) {
    return refusedBy == null
        ? this
        : new AuditEvent(
            kind, listener, reason, namespace, clientId, userName, peer, topic, refusedBy,
            undecided);
  }

  /** What it is counted and told by: a constant of {@link ReasonCode}, or why nobody decided. */
  public Enum<?> why() {
    return undecided == null ? reason : undecided;
  }

  /** As much of what somebody says as is written down. */
  public static String cut(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
  }

  /** What was to be decided. */
  public enum Kind {
    CONNECT,
    REAUTHENTICATE,
    WILL,
    PUBLISH,
    SUBSCRIBE,
    /** Somebody who was let in, or is connected, is banned. */
    BAN,
    /** Somebody has guessed, or come and gone, too often. */
    HOLD_OFF
  }

  public boolean isAllowed() {
    return reason == ReasonCode.SUCCESS;
  }

  /**
   * Who counts as one where the number of events is bounded: an address, whatever its port; of IPv6
   * its first 64 bits, as whoever has one has all of them.
   */
  Object source() {
    if (!(peer instanceof InetSocketAddress address) || address.getAddress() == null) {
      return "";
    }
    byte[] bytes = address.getAddress().getAddress();
    return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, Long.BYTES));
  }
}
