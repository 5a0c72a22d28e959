package io.vmqtt.gateway.connection;

import io.vmqtt.model.Message;

/**
 * A message that is published for a client that vanishes.
 *
 * @param message what to publish
 * @param delaySeconds how long after the end of the connection
 * @param expirySeconds lifetime from its publication on; 0: for ever
 */
public record Will(Message message, long delaySeconds, long expirySeconds) {

  /** The same will with what is known of its message by now. */
  Will with(Message known) {
    return new Will(known, delaySeconds, expirySeconds);
  }
}
