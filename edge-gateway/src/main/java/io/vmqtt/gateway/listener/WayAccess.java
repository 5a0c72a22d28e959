package io.vmqtt.gateway.listener;

import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Authorizer;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Exchange;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.model.ReasonCode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Access control of those who came to a listener in one way. What they have shown there was asked
 * for together with the access control of then: another one does not judge it. Whoever connects
 * when clients come in another way has to come anew.
 */
final class WayAccess implements Access {
  private static final ReasonCode COME_ANEW = ReasonCode.SERVER_UNAVAILABLE;

  private final AtomicReference<Access> live;
  private final BooleanSupplier isPresent;

  /**
   * @param live is exchanged after the way is, so that whoever is asked first goes with it
   * @param isPresent whether clients still come this way
   */
  WayAccess(AtomicReference<Access> live, BooleanSupplier isPresent) {
    this.live = live;
    this.isPresent = isPresent;
  }

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    Access asked = live.get();
    return (isPresent.getAsBoolean() ? asked : asked.refusing(COME_ANEW)).authenticate(credentials);
  }

  @Override
  public Optional<Exchange> begin(
      String method, Credentials credentials, @Nullable Identity present) {
    Access asked = live.get();
    return (present != null || isPresent.getAsBoolean() ? asked : asked.refusing(COME_ANEW))
        .begin(method, credentials, present);
  }

  @Override
  public void refusedUnasked(Identity claimed, ReasonCode reason) {
    live.get().refusedUnasked(claimed, reason);
  }

  @Override
  public Authorizer forIdentity(Identity who) {
    return live.get().forIdentity(who);
  }

  @Override
  public boolean isBanned(Identity who) {
    return live.get().isBanned(who);
  }
}
