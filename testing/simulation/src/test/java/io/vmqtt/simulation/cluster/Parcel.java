package io.vmqtt.simulation.cluster;

import io.vmqtt.gateway.connection.ClientOutput;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;
import io.vmqtt.model.ScopedName;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A message on its way to clients, as it is. */
public record Parcel(Message message, LongSupplier nowNanos) implements ClientOutput.Outgoing {

  @Override
  public String topic() {
    return ScopedName.local(message.topic());
  }

  @Override
  public int encodedBytes(Delivery delivery) {
    return message.payload().remaining();
  }

  @Override
  public int keptBytes() {
    return message.payload().remaining();
  }

  @Override
  public boolean isExpired() {
    return message.isExpired(TimeUnit.NANOSECONDS.toMillis(nowNanos.getAsLong()));
  }
}
