package io.vmqtt.gateway.connection;

/**
 * What a client of MQTT 3.1.1 hears of a publish of QoS 1 or 2 that it is not allowed: its PUBACK
 * and PUBREC have no word for that [MQTT-3.3.5-2].
 */
public enum DeniedPublishes {
  /** Its connection is closed. */
  CLOSE,
  /** It is acknowledged as if it had been published. */
  ACKNOWLEDGE
}
