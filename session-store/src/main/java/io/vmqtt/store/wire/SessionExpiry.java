package io.vmqtt.store.wire;

import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.store.session.SessionHeader;
import java.time.Duration;

/**
 * The longest that sessions may outlive their connections. Requests are lowered to it before they
 * get into the log, so that replicas need not agree on it.
 *
 * @param maxSeconds {@link SessionHeader#FOR_EVER}: no limit
 */
public record SessionExpiry(long maxSeconds) {

  /** None. */
  public static final SessionExpiry UNLIMITED = new SessionExpiry(SessionHeader.FOR_EVER);

  /** As an operator says it: zero for no limit. */
  public static SessionExpiry of(Duration max) {
    return max.isZero() ? UNLIMITED : new SessionExpiry(Math.max(1, max.toSeconds()));
  }

  /** Whether a session that was granted so much has too much. */
  public boolean isExceededBy(long expirySeconds) {
    return expirySeconds > maxSeconds;
  }

  /** The request, asking for no more than there is. */
  public ShardRequest limit(ShardRequest request) {
    if (request.hasAttach()
        && isExceededBy(Integer.toUnsignedLong(request.getAttach().getSessionExpirySeconds()))) {
      return request.toBuilder()
          .setAttach(request.getAttach().toBuilder().setSessionExpirySeconds((int) maxSeconds))
          .build();
    }
    if (request.hasDetach()
        && isExceededBy(Integer.toUnsignedLong(request.getDetach().getSessionExpirySeconds()))) {
      return request.toBuilder()
          .setDetach(request.getDetach().toBuilder().setSessionExpirySeconds((int) maxSeconds))
          .build();
    }
    return request;
  }
}
