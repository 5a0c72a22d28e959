package io.vmqtt.gateway.connection;

import io.vmqtt.model.Delivery;
import io.vmqtt.model.ReasonCode;
import org.jspecify.annotations.Nullable;

/** A connection as what comes for its session sees it: all of it goes to its {@link Deliveries}. */
abstract sealed class Receiver implements SessionOwner permits Connection {

  /** Where deliveries go; null while there is nobody to take them. */
  abstract @Nullable Deliveries deliveries();

  /** Ends the connection from this side. */
  public abstract void end(ReasonCode reason);

  @Override
  public final Delivered deliver(
      ClientOutput.Outgoing message, Delivery delivery, @Nullable SharedMessage shared) {
    if (!(deliveries() instanceof TransientDeliveries own)) {
      return Delivered.DROPPED;
    }
    Delivered outcome = own.deliver(message, delivery, shared);
    if (outcome == Delivered.TOO_MUCH) {
      end(ReasonCode.QUOTA_EXCEEDED);
      if (shared != null) {
        shared.toAnother().run();
      }
    }
    return outcome;
  }

  @Override
  public final boolean takesMore() {
    return deliveries() instanceof TransientDeliveries own && own.takesMore();
  }

  @Override
  public final void deliver(DurableDelivery delivery) {
    if (deliveries() instanceof DurableDeliveries own) {
      own.deliver(delivery);
    }
  }

  @Override
  public final long deliveredThrough() {
    return deliveries() instanceof DurableDeliveries own ? own.deliveredThrough() : 0;
  }

  @Override
  public final boolean hasRoom() {
    Deliveries own = deliveries();
    return own != null && own.client.isWritable() && own.use.mightSend() && own.hasRoom();
  }

  @Override
  public final boolean deliverRetained(ClientOutput.Outgoing message, Delivery delivery) {
    Deliveries own = deliveries();
    return own == null || own.deliverRetained(message, delivery);
  }
}
