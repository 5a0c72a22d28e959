package io.vmqtt.testkit.client;

/** The broker has answered a publish with an error code: it did not take the message. */
public final class PublishRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int reasonCode;

  PublishRefusedException(int reasonCode, Throwable cause) {
    super("refused with 0x" + Integer.toHexString(reasonCode), cause);
    this.reasonCode = reasonCode;
  }

  /** The reason code of PUBACK or PUBREC, as on the wire. */
  public int reasonCode() {
    return reasonCode;
  }
}
