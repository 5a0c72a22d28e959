package io.vmqtt.gateway.access;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who is let in. How it answers, {@link Access} says. */
public interface Authenticator {

  /** CONNECT: who this is. Asked once for a connection, before anything else. */
  CompletableFuture<Authentication> authenticate(Credentials credentials);

  /**
   * CONNECT with an authentication method [4.12], and later AUTH: the client proves step by step
   * who it is, in place of {@link #authenticate}.
   *
   * @param method as the client calls it
   * @param present who it is; null: nobody yet. Whoever is somebody may not become another
   * @return empty: there is no such method
   */
  default Optional<Exchange> begin(
      String method, Credentials credentials, @Nullable Identity present) {
    return Optional.empty();
  }
}
