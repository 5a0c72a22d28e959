package io.vmqtt.store.session;

import org.jspecify.annotations.Nullable;

/**
 * A session without its collections.
 *
 * @param number the shard's number of it, never used again
 * @param clientId whose it is
 * @param epoch of its latest attachment; only grows for a client id
 * @param attached whether a connection owns it now
 * @param gateway process number of the gateway that owns it, or did last
 * @param connection that gateway's number of the connection
 * @param present whether the session existed before the latest attachment
 * @param expirySeconds how long it outlives its connection; 0: not at all, {@link #FOR_EVER}
 * @param receiveMaximum how many deliveries may be unacknowledged at once
 * @param will what to publish when the connection ends badly, or (detached) when it is due
 * @param sentThrough deliveries up to this sequence may have been sent on earlier connections
 * @param detachedAtMillis when it lost its connection; 0: attached
 * @param willDueAtMillis when the will is to be published; 0: not set off
 */
public record SessionHeader(
    long number,
    String clientId,
    long epoch,
    boolean attached,
    long gateway,
    long connection,
    boolean present,
    long expirySeconds,
    int receiveMaximum,
    @Nullable Will will,
    long sentThrough,
    long detachedAtMillis,
    long willDueAtMillis) {

  /** A session expiry that never comes. */
  public static final long FOR_EVER = 0xFFFF_FFFFL;

  /** No time at all. */
  static final long NEVER = Long.MAX_VALUE;

  /** Whether it outlives its connection. */
  public boolean persistent() {
    return expirySeconds > 0;
  }

  /** When it ends for want of a connection; {@link #NEVER} while attached. */
  long expiresAtMillis() {
    return attached || expirySeconds == FOR_EVER ? NEVER : detachedAtMillis + expirySeconds * 1000;
  }

  /** When something about it is due: its end, or its will. */
  long wakeAtMillis() {
    return willDueAtMillis == 0 ? expiresAtMillis() : Math.min(willDueAtMillis, expiresAtMillis());
  }

  boolean isOwnedBy(long otherGateway, long otherConnection) {
    return attached && gateway == otherGateway && connection == otherConnection;
  }

  SessionHeader detached(long nowMillis, long newExpirySeconds, long newSentThrough) {
    return new SessionHeader(
        number,
        clientId,
        epoch,
        false,
        gateway,
        connection,
        present,
        newExpirySeconds,
        receiveMaximum,
        will,
        newSentThrough,
        nowMillis,
        0);
  }

  SessionHeader withExpiry(long newExpirySeconds) {
    return new SessionHeader(
        number,
        clientId,
        epoch,
        attached,
        gateway,
        connection,
        present,
        newExpirySeconds,
        receiveMaximum,
        will,
        sentThrough,
        detachedAtMillis,
        willDueAtMillis);
  }

  SessionHeader withWill(@Nullable Will newWill, long newWillDueAtMillis) {
    return new SessionHeader(
        number,
        clientId,
        epoch,
        attached,
        gateway,
        connection,
        present,
        expirySeconds,
        receiveMaximum,
        newWill,
        sentThrough,
        detachedAtMillis,
        newWillDueAtMillis);
  }
}
