package io.vmqtt.gateway.local;

import io.vmqtt.gateway.connection.ClientOutput.Outgoing;
import io.vmqtt.gateway.connection.SharedMessage;
import io.vmqtt.model.Delivery;
import org.jspecify.annotations.Nullable;

/** A transient session as its subscriptions see it. */
public interface Subscriber {
  /** Number of the thread that it lives on. */
  int lane();

  /** Hash of its client id, for No Local. */
  long publisher();

  /** How many subscriptions it has; one that has a single one never gets a message twice. */
  int subscriptionCount();

  /** Delivers, on the thread of its lane; {@code shared} if a share group has chosen it. */
  void deliver(Outgoing message, Delivery delivery, @Nullable SharedMessage shared);

  /** Whether it can take what other members of a share group have left; on the same thread. */
  boolean takesMore();
}
