package io.vmqtt.gateway.connection;

/** Versions of MQTT that differ for a connection. */
public enum ProtocolVersion {
  /** MQTT 3.1.1; also 3.1, which only differs in CONNECT. */
  V3,
  /** MQTT 5.0. */
  V5
}
