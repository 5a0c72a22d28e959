package io.vmqtt.gateway.connection;

import java.util.Locale;

/** Why a message, or a subscription, of a client came to nothing at this gateway. */
public enum Missed {
  /** Access control did not let the client publish it, or could not say. */
  PUBLISH_DENIED,
  /** It did not let the client subscribe, or does not any more. */
  SUBSCRIPTION_DENIED,
  /** The client subscribed when it was allowed more, and may not have the message any more. */
  DELIVERY_DENIED,
  /** A publish was beyond the rate of its namespace. */
  RATE_IN,
  /** A message of QoS 0 to the client was beyond the rate of its namespace. */
  RATE_OUT,
  /** A message of QoS 0 came while the client did not take what there was for it. */
  TOO_SLOW,
  /** So much waited for the client that its connection was ended. */
  FELL_BEHIND,
  /** The message was larger than what the client takes. */
  TOO_LARGE,
  /** The message was past its time when it would have gone to the client. */
  EXPIRED;

  /** What operators call it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
