package io.vmqtt.testkit.client;

/** The broker answered CONNECT with a refusal. */
public final class ConnectRefusedException extends RuntimeException {
  private final int reasonCode;

  /**
   * A refusal.
   *
   * @param reasonCode of CONNACK, as the client's version of MQTT has it
   */
  public ConnectRefusedException(int reasonCode, Throwable cause) {
    super("refused with 0x" + Integer.toHexString(reasonCode), cause);
    this.reasonCode = reasonCode;
  }

  public int reasonCode() {
    return reasonCode;
  }
}
