package io.vmqtt.gateway.local;

import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;
import io.vmqtt.model.Subscription;
import java.util.List;

/** A subscription of a transient session. Two are the same only if they are one object. */
final class LocalSubscription {
  final Subscriber subscriber;
  final Subscription subscription;

  // Made here, not for each message.
  private final List<Delivery> ofRetained;
  private final List<Delivery> ofOthers;

  LocalSubscription(Subscriber subscriber, Subscription subscription) {
    this.subscriber = subscriber;
    this.subscription = subscription;
    this.ofOthers = Delivery.byQos(false, subscription.identifiers());
    this.ofRetained =
        subscription.options().retainAsPublished()
            ? Delivery.byQos(true, subscription.identifiers())
            : ofOthers;
  }

  /** How its session is to see a message. */
  Delivery deliveryOf(Message message) {
    List<Delivery> byQos = message.retain() ? ofRetained : ofOthers;
    return byQos.get(subscription.qosOf(message).value());
  }
}
