package io.vmqtt.gateway.access;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Access control whose two halves know nothing of each other. */
public final class ComposedAccess implements Access {
  private final Authenticator authenticator;
  private final Authorizer authorizer;

  /** Who is let in, says one; what each may do, the other. */
  public ComposedAccess(Authenticator authenticator, Authorizer authorizer) {
    this.authenticator = authenticator;
    this.authorizer = authorizer;
  }

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    return authenticator.authenticate(credentials);
  }

  @Override
  public Optional<Exchange> begin(
      String method, Credentials credentials, @Nullable Identity present) {
    return authenticator.begin(method, credentials, present);
  }

  @Override
  public Authorizer forIdentity(Identity who) {
    return authorizer;
  }
}
