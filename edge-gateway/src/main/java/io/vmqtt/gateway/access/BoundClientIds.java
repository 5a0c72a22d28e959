package io.vmqtt.gateway.access;

import io.vmqtt.model.ReasonCode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

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
    return Answers.map(then.authenticate(credentials), this::bound);
  }

  @Override
  public Optional<Exchange> begin(
      String method, Credentials credentials, @Nullable Identity present) {
    return then.begin(method, credentials, present).map(Bound::new);
  }

  private Authentication bound(Authentication answer) {
    return answer instanceof Authentication.Accepted(Identity who) && !allowed.allow(who)
        ? REFUSED
        : answer;
  }

  /** An exchange at whose end is the same question. */
  private final class Bound extends JudgedExchange {

    Bound(Exchange exchange) {
      super(exchange);
    }

    @Override
    protected ExchangeStep judge(ExchangeStep step) {
      return switch (step) {
        case ExchangeStep.Challenge challenge -> challenge;
        case ExchangeStep.Decided(Authentication answer, byte[] data) ->
            new ExchangeStep.Decided(bound(answer), data);
      };
    }
  }
}
