package io.vmqtt.gateway.access;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One way to prove who one is. How it answers in time, {@link Access} says. */
public interface AuthenticationMethod {

  /** What it is called where it is listed. */
  String name();

  /** Who this is; empty: it does not know the client, another method may. */
  CompletableFuture<Optional<Authentication>> judge(Credentials credentials);
}
