package io.vmqtt.gateway.access.stored;

import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.AuthenticationMethod;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.gateway.access.outside.Outsider;
import io.vmqtt.gateway.access.passwords.StoredPassword;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Users whom somebody outside keeps, with the hashes of their passwords. These are checked here, on
 * the threads for that. One that is unknown costs as much time as one whose password is wrong: the
 * hash that was seen last is checked in its place. The store is asked each time; that a password is
 * the one of a hash need not be computed twice.
 */
public final class StoredUsers implements AuthenticationMethod {
  private static final int RANDOM_BYTES = 16;

  private final UserStore store;
  private final Outsider outsider;
  private final CredentialChecks checks;
  private final RightPasswords right = new RightPasswords();
  private volatile StoredPassword standIn;

  /** Those of a store. Takes as long as to hash a password. */
  public StoredUsers(UserStore store, Outsider outsider, CredentialChecks checks) {
    this.store = store;
    this.outsider = outsider;
    this.checks = checks;
    byte[] nobodys = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(nobodys);
    this.standIn = StoredPassword.of(nobodys);
  }

  @Override
  public String name() {
    return store.name();
  }

  @Override
  public CompletableFuture<Optional<Authentication>> judge(Credentials credentials) {
    return credentials.userName() == null
        ? CompletableFuture.completedFuture(Optional.empty())
        : outsider.ask(
            credentials, () -> store.find(credentials), found -> checked(credentials, found));
  }

  private CompletableFuture<Optional<Authentication>> checked(
      Credentials credentials, Optional<StoredUser> found) {
    StoredPassword hashed = found.map(StoredUser::password).orElse(standIn);
    standIn = hashed;
    Password given = credentials.password();
    byte[] password = given == null ? new byte[0] : given.bytes();
    ByteBuffer digest = right.digest(hashed, password); // once, and whoever the user is
    return checks.check(
        credentials,
        () ->
            found
                .filter(user -> !user.disabled() && right.contains(digest))
                .map(user -> verdict(true, user, credentials)),
        () -> {
          boolean isRight = hashed.matches(password);
          if (isRight && found.isPresent()) {
            right.add(digest);
          }
          return found.map(user -> verdict(isRight && !user.disabled(), user, credentials));
        });
  }

  private Authentication verdict(boolean comesIn, StoredUser user, Credentials credentials) {
    String proved = store.findsByUserName() ? credentials.userName() : null;
    return comesIn
        ? new Authentication.Accepted(
            credentials.identity(credentials.namespace(), proved).with(user.rules()))
        : Authentication.Refused.unproven(credentials);
  }
}
