package io.vmqtt.gateway.connection;

import io.vmqtt.model.ReasonCode;

/** The client broke a rule of MQTT: its connection is closed with this reason. */
public final class ProtocolViolation extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final ReasonCode reason;

  /**
   * A violation.
   *
   * @param reason what MQTT 5 calls it
   * @param detail for the log; never a payload
   */
  public ProtocolViolation(ReasonCode reason, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
  }

  public ReasonCode reason() {
    return reason;
  }
}
