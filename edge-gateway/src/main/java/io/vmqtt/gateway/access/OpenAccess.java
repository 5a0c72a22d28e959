package io.vmqtt.gateway.access;

import io.vmqtt.model.Message;
import io.vmqtt.model.Subscription;
import java.util.concurrent.CompletableFuture;

/**
 * Everybody is who they say they are, in the namespace of their listener, and may do everything.
 */
public final class OpenAccess implements Access, Authorizer {

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    return CompletableFuture.completedFuture(
        new Authentication.Accepted(credentials.identity(credentials.namespace())));
  }

  @Override
  public Authorizer forIdentity(Identity who) {
    return this;
  }

  @Override
  public boolean grantsAll() {
    return true;
  }

  @Override
  public CompletableFuture<Permission> authorizeWill(Identity who, Message will) {
    return Permission.GRANTED.known();
  }

  @Override
  public CompletableFuture<Permission> authorizePublish(Identity who, Message message) {
    return Permission.GRANTED.known();
  }

  @Override
  public CompletableFuture<Permission> authorizeSubscribe(Identity who, Subscription wanted) {
    return Permission.GRANTED.known();
  }
}
