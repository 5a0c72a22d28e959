package io.vmqtt.simulation.world;

import com.google.protobuf.Message;

/** Hears everything that goes over links. */
@FunctionalInterface
public interface Tap {
  /** Nobody listens. */
  Tap NONE = message -> {};

  /** A message was sent, on whichever side of whichever link. */
  void sent(Message message);
}
