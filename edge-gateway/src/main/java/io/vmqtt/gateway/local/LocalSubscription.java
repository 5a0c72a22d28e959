package io.vmqtt.gateway.local;

import io.vmqtt.model.Subscription;

/** A subscription of a transient session. Two are the same only if they are one object. */
final class LocalSubscription {
  private static final int[] NO_IDENTIFIERS = {};

  final Subscriber subscriber;
  final Subscription subscription;
  final int[] identifiers;

  LocalSubscription(Subscriber subscriber, Subscription subscription) {
    this.subscriber = subscriber;
    this.subscription = subscription;
    this.identifiers =
        subscription.identifier() == 0 ? NO_IDENTIFIERS : new int[] {subscription.identifier()};
  }
}
