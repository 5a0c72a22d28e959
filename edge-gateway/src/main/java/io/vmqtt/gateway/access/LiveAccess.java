package io.vmqtt.gateway.access;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Access control that can be exchanged while clients are there: what each of them asks, whoever
 * holds now answers. From any thread.
 */
public final class LiveAccess implements Access {
  private volatile Access current;

  /** One that holds from the start. */
  public LiveAccess(Access first) {
    this.current = first;
  }

  /** Another one holds from now on. */
  public void exchange(Access by) {
    current = by;
  }

  /** The one that holds. */
  public Access current() {
    return current;
  }

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    return current.authenticate(credentials);
  }

  @Override
  public Optional<Exchange> begin(
      String method, Credentials credentials, @Nullable Identity present) {
    return current.begin(method, credentials, present);
  }

  @Override
  public Authorizer forIdentity(Identity who) {
    return current.forIdentity(who);
  }

  @Override
  public boolean isBanned(Identity who) {
    return current.isBanned(who);
  }
}
