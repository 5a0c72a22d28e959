package io.vmqtt.gateway.connection;

import java.util.Locale;

/** What a client has been stopped by. */
public enum Bound {
  /** A packet larger than its listener takes. */
  PACKET_SIZE,
  /** It was silent for one and a half times its keep alive. */
  KEEP_ALIVE,
  /** A topic name or filter with too many levels or bytes. */
  TOPIC,
  /** Too many filters in one SUBSCRIBE. */
  FILTERS,
  /** Too many subscriptions of a session. */
  SUBSCRIPTIONS;

  /** What operators call it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
