package io.vmqtt.gateway.access;

import io.vmqtt.model.ReasonCode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lets nobody in; what those may do who are there, another says.
 *
 * @param reason why nobody is
 * @param then is not asked who may come in
 */
public record RefusingAccess(ReasonCode reason, Access then) implements Access {

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    return CompletableFuture.completedFuture(new Authentication.Refused(reason));
  }

  @Override
  public Optional<Exchange> begin(
      String method, Credentials credentials, @Nullable Identity present) {
    return Optional.of(new RefusingExchange(reason));
  }

  @Override
  public Authorizer forIdentity(Identity who) {
    return then.forIdentity(who);
  }

  @Override
  public boolean isBanned(Identity who) {
    return then.isBanned(who);
  }
}
