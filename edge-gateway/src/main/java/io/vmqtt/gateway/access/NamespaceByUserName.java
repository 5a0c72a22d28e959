package io.vmqtt.gateway.access;

import io.vmqtt.model.Namespace;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The rule that a user name {@code NAMESPACE/NAME} puts its client into that namespace; all else is
 * up to another. It proves nothing: it is for tests, which need many namespaces and no passwords.
 * No option turns it on: clients would choose their namespace, and whose quotas they use,
 * themselves.
 */
public final class NamespaceByUserName implements Access {
  private static final char SEPARATOR = '/';

  private final Access then;

  /** The rule, before {@code then} is asked. */
  public NamespaceByUserName(Access then) {
    this.then = then;
  }

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    return then.authenticate(
        new Credentials(
            namespace(credentials),
            credentials.clientId(),
            credentials.userName(),
            credentials.password(),
            credentials.peer(),
            credentials.certificate(),
            credentials.proxied()));
  }

  private static Namespace namespace(Credentials credentials) {
    String userName = credentials.userName();
    int end = userName == null ? -1 : userName.indexOf(SEPARATOR);
    if (userName == null || end < 0 || !Namespace.isName(userName.substring(0, end))) {
      return credentials.namespace();
    }
    return Namespace.of(userName.substring(0, end));
  }

  @Override
  public Optional<Exchange> begin(
      String method, Credentials credentials, @Nullable Identity present) {
    return then.begin(method, credentials, present);
  }

  @Override
  public Authorizer forIdentity(Identity who) {
    return then.forIdentity(who);
  }
}
