package io.vmqtt.router.link;

import io.vmqtt.router.routes.Origin;

/**
 * Where copies of publishes go. Sealed: who adds a kind has to say, wherever they are told apart,
 * what is done with it. Confined to the router's thread.
 */
sealed interface Destination permits GatewayPeer, ShardPeer {

  /** Its routes. */
  Origin<Destination> origin();

  /** Whether so much waits for it that no more may. */
  boolean isFull();

  /** Whether it has room for messages that it has to store. */
  boolean hasRoom();
}
