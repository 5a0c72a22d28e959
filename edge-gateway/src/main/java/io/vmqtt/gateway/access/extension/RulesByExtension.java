package io.vmqtt.gateway.access.extension;

import io.vmqtt.gateway.access.Answers;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Authenticator;
import io.vmqtt.gateway.access.CompletedExchange;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Exchange;
import io.vmqtt.gateway.access.Identity;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Asks an extension what those may do whom others have let in, if these have not said it. */
public final class RulesByExtension implements Authenticator {
  private final ExtensionUsers extension;
  private final Authenticator then;

  /** {@code then} says who is let in. */
  public RulesByExtension(ExtensionUsers extension, Authenticator then) {
    this.extension = extension;
    this.then = then;
  }

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    return Answers.then(then.authenticate(credentials), known -> ruled(known, credentials));
  }

  private CompletableFuture<Authentication> ruled(Authentication known, Credentials credentials) {
    return known instanceof Authentication.Accepted(Identity who) && who.rules() == null
        ? extension.ruled(credentials, who)
        : CompletableFuture.completedFuture(known);
  }

  @Override
  public Optional<Exchange> begin(
      String method, Credentials credentials, @Nullable Identity present) {
    return then.begin(method, credentials, present)
        .map(begun -> new CompletedExchange(begun, known -> ruled(known, credentials)));
  }
}
