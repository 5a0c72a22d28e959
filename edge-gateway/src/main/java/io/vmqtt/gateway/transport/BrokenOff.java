package io.vmqtt.gateway.transport;

/**
 * What a transport tells of a further stream before its end, where its client has broken off what
 * it was sending there: some of that may be lost.
 */
public enum BrokenOff {
  /** It says nothing more than that. */
  EVENT
}
