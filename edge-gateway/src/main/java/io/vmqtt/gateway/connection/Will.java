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

  /** The same will of a client that is known by now. */
  Will by(long publisher) {
    return new Will(message.withPublisher(publisher), delaySeconds, expirySeconds);
  }
}
