package io.vmqtt.simulation.client;

import io.vmqtt.testkit.history.SentMessage;

/** Whoever a client works for. */
public interface ClientOwner {

  /** It has its CONNACK. */
  default void connected(boolean sessionPresent) {}

  /** Its connection has ended; it comes back by itself. */
  default void disconnected() {}

  /** The broker has taken over a message. */
  default void acknowledged(SentMessage message) {}

  /** Whether it takes a message: else its connection is lost before it can acknowledge. */
  default boolean takes(SentMessage message) {
    return true;
  }

  /**
   * A message has come in.
   *
   * @param retained whether it was retained before the client subscribed
   * @param dup whether it may have come before
   */
  default void received(SentMessage message, boolean retained, boolean dup) {}
}
