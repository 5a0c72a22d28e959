package io.vmqtt.store.session;

/**
 * What to publish if a connection ends other than by DISCONNECT.
 *
 * @param publication the message
 * @param delaySeconds from the end of the connection to the publication
 * @param expirySeconds from the publication to its expiry; 0: never
 */
public record Will(Publication publication, long delaySeconds, long expirySeconds) {

  /** When the message expires if it is published now; 0: never. */
  long expiresAtMillis(long nowMillis) {
    return expirySeconds == 0 ? 0 : nowMillis + expirySeconds * 1000;
  }
}
