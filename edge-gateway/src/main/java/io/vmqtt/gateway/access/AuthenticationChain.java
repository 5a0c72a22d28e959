package io.vmqtt.gateway.access;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Methods that are asked one after the other: the first that knows the client decides. Whoever no
 * method knows is refused, in the same words as whoever has a wrong password.
 */
public final class AuthenticationChain implements Authenticator {
  private final List<AuthenticationMethod> methods;
  private final List<Mechanism> mechanisms;

  /** The methods, in the order in which they are asked. */
  public AuthenticationChain(List<AuthenticationMethod> methods) {
    this(methods, List.of());
  }

  /** The same, and mechanisms, of which clients say themselves which one they use. */
  public AuthenticationChain(List<AuthenticationMethod> methods, List<Mechanism> mechanisms) {
    this.methods = List.copyOf(methods);
    this.mechanisms = List.copyOf(mechanisms);
  }

  @Override
  public Optional<Exchange> begin(
      String method, Credentials credentials, @Nullable Identity present) {
    return mechanisms.stream()
        .filter(one -> one.name().equals(method) && one.isOffered())
        .findFirst()
        .map(one -> new BoundedExchange(one.begin(credentials), present));
  }

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    return from(0, credentials);
  }

  private CompletableFuture<Authentication> from(int first, Credentials credentials) {
    for (int i = first; i < methods.size(); i++) {
      CompletableFuture<Optional<Authentication>> verdict = methods.get(i).judge(credentials);
      if (verdict.state() != Future.State.SUCCESS) {
        int next = i + 1;
        return Answers.then(
            verdict,
            known ->
                known
                    .map(CompletableFuture::completedFuture)
                    .orElseGet(() -> from(next, credentials)));
      }
      if (verdict.resultNow().isPresent()) {
        return CompletableFuture.completedFuture(verdict.resultNow().get());
      }
    }
    return CompletableFuture.completedFuture(Authentication.Refused.unproven(credentials));
  }
}
