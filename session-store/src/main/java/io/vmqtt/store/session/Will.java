package io.vmqtt.store.session;

import io.vmqtt.cluster.access.WillOwner;
import org.jspecify.annotations.Nullable;

/**
 * What to publish if a connection ends other than by DISCONNECT.
 *
 * @param publication the message
 * @param delaySeconds from the end of the connection to the publication
 * @param expirySeconds from the publication to its expiry; 0: never
 * @param owner whose it is; null: nobody knows
 */
public record Will(
    Publication publication, long delaySeconds, long expirySeconds, @Nullable WillOwner owner) {

  /** When the message expires if it is published now; 0: never. */
  long expiresAtMillis(long nowMillis) {
    return expirySeconds == 0 ? 0 : nowMillis + expirySeconds * 1000;
  }
}
