package io.vmqtt.gateway.access;

import io.vmqtt.model.ReasonCode;
import java.util.concurrent.CompletableFuture;

/** Refuses whoever was let in and has a client id that is not for that user. */
public final class BoundClientIds implements Authenticator {
  private static final Authentication REFUSED =
      new Authentication.Refused(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);

  private final ClientIds allowed;
  private final Authenticator then;

  /** {@code then} says who is let in. */
  public BoundClientIds(ClientIds allowed, Authenticator then) {
    this.allowed = allowed;
    this.then = then;
  }

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    CompletableFuture<Authentication> answer = then.authenticate(credentials);
    CompletableFuture<Authentication> bound = answer.thenApply(this::bound);
    var _ =
        bound.whenComplete(
            (_, failure) -> {
              if (bound.isCancelled()) {
                answer.cancel(false);
              }
            });
    return bound;
  }

  private Authentication bound(Authentication answer) {
    return answer instanceof Authentication.Accepted(Identity who) && !allowed.allow(who)
        ? REFUSED
        : answer;
  }
}
