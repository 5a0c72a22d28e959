package io.vmqtt.store.session;

import io.vmqtt.cluster.access.WillOwner;
import org.jspecify.annotations.Nullable;

/**
 * What a shard has to publish, and no router has confirmed yet: a will whose time has come, or a
 * message for a share group whose last member here had gone when it came.
 *
 * @param number the shard's number of it
 * @param publication what to publish
 * @param expiresAtMillis when the message expires; 0: never
 * @param share the group that alone is to have it; null: it is a will
 * @param owner whose will it is; null: nobody knows, or it is none
 */
public record PendingPublish(
    long number,
    Publication publication,
    long expiresAtMillis,
    @Nullable RouteKey share,
    @Nullable WillOwner owner) {

  static PendingPublish ofWill(long number, Will will, long timeMillis) {
    return new PendingPublish(
        number, will.publication(), will.expiresAtMillis(timeMillis), null, will.owner());
  }

  static PendingPublish ofLeft(long number, Publication publication, RouteKey share) {
    return new PendingPublish(number, publication, publication.expiresAtMillis(), share, null);
  }
}
