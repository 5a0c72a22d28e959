package io.vmqtt.gateway.access;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Lets in whoever names no user, in the namespace of the listener. */
public final class Anonymous implements AuthenticationMethod {

  @Override
  public String name() {
    return "anonymous";
  }

  @Override
  public CompletableFuture<Optional<Authentication>> judge(Credentials credentials) {
    return CompletableFuture.completedFuture(
        credentials.userName() == null
            ? Optional.of(
                new Authentication.Accepted(credentials.identity(credentials.namespace())))
            : Optional.empty());
  }
}
