package io.vmqtt.gateway.access.rules;

import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.Answers;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Authorizer;
import io.vmqtt.gateway.access.CompletedExchange;
import io.vmqtt.gateway.access.CredentialChecks;
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
 *
 * <p>A client's own are compiled before it is let in, by a thread of those that check credentials:
 * event loops have them ready.
 */
public final class RuledAccess implements Access {
  private final LiveRules rules;
  private final Access otherwise;
  private final CredentialChecks threads;

  /** {@code threads} compile rules of clients' own. */
  public RuledAccess(LiveRules rules, Access otherwise, CredentialChecks threads) {
    this.rules = rules;
    this.otherwise = otherwise;
    this.threads = threads;
  }

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    return rules.areKnown()
        ? Answers.then(
            otherwise.authenticate(credentials), known -> withRulesReady(known, credentials))
        : CompletableFuture.completedFuture(
            new Authentication.Refused(ReasonCode.SERVER_UNAVAILABLE));
  }

  @Override
  public Optional<Exchange> begin(
      String method, Credentials credentials, @Nullable Identity present) {
    return rules.areKnown()
        ? otherwise
            .begin(method, credentials, present)
            .map(one -> new CompletedExchange(one, known -> withRulesReady(known, credentials)))
        : Optional.of(new RefusingExchange(ReasonCode.SERVER_UNAVAILABLE));
  }

  /** Where too many wait for the threads, the server is busy. */
  private CompletableFuture<Authentication> withRulesReady(
      Authentication known, Credentials credentials) {
    if (!(known instanceof Authentication.Accepted(Identity who)) || who.rules() == null) {
      return CompletableFuture.completedFuture(known);
    }
    OwnRules own = who.rules();
    CompiledRules there = rules.own().find(own);
    if (there != null) {
      return CompletableFuture.completedFuture(new Authentication.Accepted(who.ready(there)));
    }
    return threads.run(
        credentials.peer(),
        () -> new Authentication.Accepted(who.ready(rules.own().of(own))),
        new Authentication.Refused(ReasonCode.SERVER_BUSY));
  }

  @Override
  public Authorizer forIdentity(Identity who) {
    ClientRules said = rules.of(who);
    return said == null ? otherwise.forIdentity(who) : said;
  }
}
