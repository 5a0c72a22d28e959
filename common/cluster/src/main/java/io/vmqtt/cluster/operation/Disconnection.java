package io.vmqtt.cluster.operation;

/**
 * A client's connection is to end.
 *
 * @param reason the reason code of DISCONNECT [MQTT-3.14.2.1], such as 0x98
 */
public record Disconnection(ClientName client, int reason) {
  /**
   * What became of it.
   *
   * @param found whether the client was connected to the node that was asked
   */
  public record Done(boolean found) {}
}
