package io.vmqtt.gateway.audit;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One decision of access control.
 *
 * @param listener where the client came in
 * @param reason {@link ReasonCode#SUCCESS}: it was allowed
 * @param userName null: nobody knows one
 * @param peer where it comes from; null where the transport cannot tell
 * @param topic of the publish or the will, or the filter; null for CONNECT
 */
public record AuditEvent(
    Kind kind,
    String listener,
    ReasonCode reason,
    Namespace namespace,
    String clientId,
    @Nullable String userName,
    @Nullable SocketAddress peer,
    @Nullable String topic) {

  /** What was to be decided. */
  public enum Kind {
    CONNECT,
    WILL,
    PUBLISH,
    SUBSCRIBE
  }

  public boolean isAllowed() {
    return reason == ReasonCode.SUCCESS;
  }

  /** Who counts as one where the number of events is bounded: an address, whatever its port. */
  Object source() {
    return peer instanceof InetSocketAddress address && address.getAddress() != null
        ? address.getAddress()
        : "";
  }
}
