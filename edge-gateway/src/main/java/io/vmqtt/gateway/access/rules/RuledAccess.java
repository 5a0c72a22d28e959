package io.vmqtt.gateway.access.rules;

import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Authorizer;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Exchange;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.RefusingExchange;
import io.vmqtt.model.ReasonCode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The rules in force say what each client may do, and before them those that it has of its own;
 * where there are neither, another does. Who is let in is up to that other in any case, but nobody
 * is before it is known whether there are rules.
 */
public final class RuledAccess implements Access {
  private final LiveRules rules;
  private final Access otherwise;

  public RuledAccess(LiveRules rules, Access otherwise) {
    this.rules = rules;
    this.otherwise = otherwise;
  }

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    return rules.areKnown()
        ? otherwise.authenticate(credentials)
        : CompletableFuture.completedFuture(
            new Authentication.Refused(ReasonCode.SERVER_UNAVAILABLE));
  }

  @Override
  public Optional<Exchange> begin(
      String method, Credentials credentials, @Nullable Identity present) {
    return rules.areKnown()
        ? otherwise.begin(method, credentials, present)
        : Optional.of(new RefusingExchange(ReasonCode.SERVER_UNAVAILABLE));
  }

  @Override
  public Authorizer forIdentity(Identity who) {
    ClientRules said = rules.of(who);
    return said == null ? otherwise.forIdentity(who) : said;
  }
}
