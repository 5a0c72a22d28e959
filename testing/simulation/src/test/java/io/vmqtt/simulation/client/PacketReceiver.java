package io.vmqtt.simulation.client;

import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;

/** A client's end of a connection: what its gateway sends. */
interface PacketReceiver {

  /** CONNACK that accepts. */
  void connAck(boolean sessionPresent);

  /** PUBLISH. */
  void publish(Message message, int packetId, boolean dup, Delivery delivery);

  /** PUBACK. */
  void pubAck(int packetId, boolean refused);

  /** PUBREC. */
  void pubRec(int packetId, boolean refused);

  /** PUBREL. */
  void pubRel(int packetId);

  /** PUBCOMP. */
  void pubComp(int packetId);

  /** SUBACK. */
  void subAck(int packetId);

  /** PINGRESP. */
  void pingResp();

  /** The connection is over. */
  void connectionEnded();
}
