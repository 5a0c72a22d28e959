package io.vmqtt.gateway.connection;

import io.vmqtt.model.Message;
import io.vmqtt.model.Qos;

/** Watches what is delivered to one client, for traces. On the thread of its connection. */
public interface DeliverySpans {

  /**
   * A PUBLISH leaves.
   *
   * @param packetId 0 at QoS 0
   */
  void sent(Message message, int packetId, Qos qos);

  /** The client has finished a delivery; it need not be one that was told of. */
  void acknowledged(int packetId);

  /** The connection is over. */
  void gone();
}
