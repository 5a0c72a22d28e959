package io.vmqtt.gateway.access;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * Users by the certificates that they have shown a proxy, which has found them to be good. The user
 * name is in the common name; one in CONNECT counts for nothing.
 */
public final class ProxiedUsers implements AuthenticationMethod {
  private final Pattern pattern;

  /**
   * Users whose name is in the common name.
   *
   * @param pattern what that has to look like; its first group, if there is one, is the name
   */
  public ProxiedUsers(Pattern pattern) {
    this.pattern = pattern;
  }

  @Override
  public String name() {
    return "proxied certificate";
  }

  @Override
  public CompletableFuture<Optional<Authentication>> judge(Credentials credentials) {
    return CompletableFuture.completedFuture(
        CertificateUsers.user(credentials.proxied(), pattern)
            .map(
                user ->
                    new Authentication.Accepted(
                        credentials.identity(credentials.namespace(), user))));
  }
}
