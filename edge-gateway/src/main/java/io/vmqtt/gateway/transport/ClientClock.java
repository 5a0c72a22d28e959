package io.vmqtt.gateway.transport;

/** What time means to a connection: how long it has been silent, stuck, or on its way in or out. */
final class ClientClock {
  /** So often in a row, once a second, a client has taken nothing. */
  private static final int STUCK_LOOKS = 2;

  private static final double SILENCE_PER_KEEP_ALIVE = 1.5;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Since it came, sent CONNECT, or began to end. */
  private long sinceNanos;

  private boolean ending;
  private long lastReadNanos;
  private long lastReadSeen;
  private int stuckLooks;

  ClientClock(long nowNanos) {
    this.sinceNanos = nowNanos;
    this.lastReadNanos = nowNanos;
  }

  /** CONNECT has come. */
  void connecting(long nowNanos) {
    sinceNanos = nowNanos;
  }

  /** How long it is since then; of one that has not begun to end. */
  long connectedFor(long nowNanos) {
    return nowNanos - sinceNanos;
  }

  /** There was a sign of life, or it could not be heard. */
  void heard(long nowNanos) {
    lastReadNanos = nowNanos;
  }

  /**
   * To be called once a second.
   *
   * @param takesNothing of what waits for it
   * @param sendsHalf it has sent a part of a packet
   */
  void look(boolean takesNothing, boolean sendsHalf) {
    boolean sendsNoMore = sendsHalf && lastReadNanos == lastReadSeen;
    lastReadSeen = lastReadNanos;
    stuckLooks = takesNothing || sendsNoMore ? stuckLooks + 1 : 0;
  }

  /**
   * Whether the client has for a while taken nothing of what waits, or sent no more of a packet.
   */
  boolean isStuck() {
    return stuckLooks >= STUCK_LOOKS;
  }

  /** Whether it takes longer than that to connect. */
  boolean connectsFor(long nanos, long nowNanos) {
    return nowNanos - sinceNanos > nanos;
  }

  /** The connection is over; whether it takes longer than that since the first such call. */
  boolean endsFor(long nanos, long nowNanos) {
    if (!ending) {
      ending = true;
      sinceNanos = nowNanos;
    }
    return nowNanos - sinceNanos > nanos;
  }

  /** How long it may be silent yet; {@link Long#MAX_VALUE}: for ever; negative: it was too long. */
  long silenceLeftNanos(int keepAliveSeconds, long nowNanos) {
    return keepAliveSeconds == 0
        ? Long.MAX_VALUE
        : (long) (keepAliveSeconds * SILENCE_PER_KEEP_ALIVE * NANOS_PER_SECOND)
            - (nowNanos - lastReadNanos);
  }
}
