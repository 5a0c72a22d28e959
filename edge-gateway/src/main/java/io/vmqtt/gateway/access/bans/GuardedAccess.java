package io.vmqtt.gateway.access.bans;

import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.Answers;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Authorizer;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Exchange;
import io.vmqtt.gateway.access.ExchangeStep;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.JudgedExchange;
import io.vmqtt.gateway.access.RefusingExchange;
import io.vmqtt.model.ReasonCode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Refuses whoever is banned or held off; all else is up to another. Nobody is let in before it is
 * known whether there are bans.
 */
public final class GuardedAccess implements Access {
  private static final Authentication BANNED = new Authentication.Refused(ReasonCode.BANNED);
  private static final Authentication WRONG =
      new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
  private static final Authentication UNPROVEN =
      new Authentication.Refused(ReasonCode.NOT_AUTHORIZED);

  private final Guard guard;
  private final Access then;

  /** {@code then} says who may come in of the others, and what they may do. */
  public GuardedAccess(Guard guard, Access then) {
    this.guard = guard;
    this.then = then;
  }

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    if (!guard.bans().areKnown()) {
      return refused(ReasonCode.SERVER_UNAVAILABLE);
    }
    if (guard.bans().areAbout(credentials) || guard.holdOffs().holdOff(credentials)) {
      return refused(ReasonCode.BANNED);
    }
    return Answers.map(then.authenticate(credentials), decided -> judged(credentials, decided));
  }

  /** Who is connected, and proves again who he is, stays: he is not held off. */
  @Override
  public Optional<Exchange> begin(
      String method, Credentials credentials, @Nullable Identity present) {
    if (present != null) {
      return then.begin(method, credentials, present);
    }
    if (!guard.bans().areKnown()) {
      return Optional.of(new RefusingExchange(ReasonCode.SERVER_UNAVAILABLE));
    }
    if (guard.bans().areAbout(credentials) || guard.holdOffs().holdOff(credentials)) {
      return Optional.of(new RefusingExchange(ReasonCode.BANNED));
    }
    return then.begin(method, credentials, null).map(one -> new Guarded(credentials, one));
  }

  private static CompletableFuture<Authentication> refused(ReasonCode reason) {
    return CompletableFuture.completedFuture(new Authentication.Refused(reason));
  }

  /** Of many that are tried at once, those that are answered too late say nothing. */
  private Authentication judged(Credentials credentials, Authentication decided) {
    if (guard.holdOffs().turnAway(credentials)) {
      return BANNED;
    }
    if (decided.equals(WRONG) || (decided.equals(UNPROVEN) && credentials.password() != null)) {
      guard.holdOffs().failed(credentials);
    }
    return decided;
  }

  /** An exchange that ends where its client is held off by the name that it has said. */
  private final class Guarded extends JudgedExchange {
    private final Credentials credentials;

    Guarded(Credentials credentials, Exchange exchange) {
      super(exchange);
      this.credentials = credentials;
    }

    @Override
    protected ExchangeStep judge(ExchangeStep step) {
      Credentials claimed = credentials.claiming(userName());
      return switch (step) {
        case ExchangeStep.Challenge challenge ->
            guard.holdOffs().turnAway(claimed) ? new ExchangeStep.Decided(BANNED) : challenge;
        case ExchangeStep.Decided(Authentication answer, byte[] told) -> {
          Authentication judged = judged(claimed, answer);
          yield judged.equals(answer)
              ? new ExchangeStep.Decided(answer, told)
              : new ExchangeStep.Decided(judged);
        }
      };
    }
  }

  @Override
  public boolean isBanned(Identity who) {
    return guard.bans().areAbout(who) || then.isBanned(who);
  }

  @Override
  public Authorizer forIdentity(Identity who) {
    return then.forIdentity(who);
  }
}
