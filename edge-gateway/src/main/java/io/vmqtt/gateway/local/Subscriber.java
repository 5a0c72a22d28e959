package io.vmqtt.gateway.local;

import io.vmqtt.gateway.connection.ClientOutput.Outgoing;

/** A transient session as its subscriptions see it. */
public interface Subscriber {
  /** Number of the thread that it lives on. */
  int lane();

  /** Hash of its client id, for No Local. */
  long publisher();

  /** How many subscriptions it has; one that has a single one never gets a message twice. */
  int subscriptionCount();

  /** Delivers, on the thread of its lane. */
  void deliver(Outgoing message, int qos, boolean retain, int[] subscriptionIdentifiers);
}
