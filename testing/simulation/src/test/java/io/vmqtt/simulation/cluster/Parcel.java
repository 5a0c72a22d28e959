package io.vmqtt.simulation.cluster;

import io.vmqtt.gateway.connection.ClientOutput;
import io.vmqtt.model.Message;

/** A message on its way to clients, as it is. */
public record Parcel(Message message) implements ClientOutput.Outgoing {

  @Override
  public int encodedBytes(int qos, int[] subscriptionIdentifiers) {
    return message.payload().remaining();
  }

  @Override
  public int keptBytes() {
    return message.payload().remaining();
  }

  @Override
  public boolean isExpired() {
    return false;
  }
}
