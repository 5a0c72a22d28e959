package io.vmqtt.gateway.access;

import java.util.concurrent.CompletableFuture;

/** Who is let in. How it answers, {@link Access} says. */
public interface Authenticator {

  /** CONNECT: who this is. Asked once for a connection, before anything else. */
  CompletableFuture<Authentication> authenticate(Credentials credentials);
}
