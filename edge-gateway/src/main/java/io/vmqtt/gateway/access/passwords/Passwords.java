package io.vmqtt.gateway.access.passwords;

import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.AuthenticationMethod;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.KeyedDigest;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.gateway.access.scram.ScramHash;
import io.vmqtt.gateway.access.scram.ScramKeys;
import io.vmqtt.gateway.access.scram.ScramUsers;
import io.vmqtt.model.ReasonCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Users with a password. One that is unknown costs as much time as one whose password is wrong, so
 * that nobody learns which names there are.
 *
 * <p>That a password was right is remembered, as a digest with a key that this process alone has,
 * until the file says something else of the user: a fleet that comes back at once is not to wait
 * for its hashes, and one that shares a user waits for one. So at most one such digest is kept for
 * each user. Checks of wrong ones are never joined: each takes its time, whoever the user is.
 *
 * <p>Those whose password is kept as keys of SCRAM may prove it by that, too. Others then seem to
 * have such keys.
 */
public final class Passwords implements AuthenticationMethod, ScramUsers {
  private final CredentialChecks checks;
  private final KeyedDigest digests = new KeyedDigest();
  private volatile Users users = new Users(PasswordFile.read(""), digests);

  /** The users of one file, and of each the digest of the password that was right. */
  private static final class Users {
    final Map<String, User> byName;
    final List<User> all;
    final Map<ScramHash, List<ScramKeys>> keys = new EnumMap<>(ScramHash.class);

    /** Makes what is seen of users who are not there. */
    final KeyedDigest seeming;

    final Map<String, byte[]> known = new ConcurrentHashMap<>();

    /**
     * @param ownSeeming for where the file does not say what all gateways make that with
     */
    Users(PasswordFile file, KeyedDigest ownSeeming) {
      all = file.users();
      byName = all.stream().collect(Collectors.toUnmodifiableMap(User::name, user -> user));
      seeming = file.secret().map(KeyedDigest::new).orElse(ownSeeming);
      for (ScramHash hash : ScramHash.values()) {
        keys.put(hash, all.stream().flatMap(user -> user.password().keys(hash).stream()).toList());
      }
    }

    List<ScramKeys> keys(ScramHash hash) {
      return keys.getOrDefault(hash, List.of());
    }

    Optional<ScramKeys> keys(String name, ScramHash hash) {
      return Optional.ofNullable(byName.get(name)).flatMap(user -> user.password().keys(hash));
    }

    /** Nobody can find two names for which it is alike: else a pair of them would tell. */
    byte[] digest(String said) {
      return seeming.of(said.getBytes(StandardCharsets.UTF_8));
    }

    /** One of so many, by the end of a digest. */
    static int place(byte[] digest, int count) {
      return Math.floorMod(ByteBuffer.wrap(digest).getInt(digest.length - Integer.BYTES), count);
    }

    /** Whose hash is checked in place of that of somebody who is not there; null: nobody is. */
    @Nullable User standIn(String name) {
      return all.isEmpty() ? null : all.get(place(digest(name), all.size()));
    }
  }

  /** Nobody yet. */
  public Passwords(CredentialChecks checks) {
    this.checks = checks;
  }

  /** From here on these users are those who are known. */
  public void users(PasswordFile file) {
    Users before = users;
    Users now = new Users(file, digests);
    before.known.forEach(
        (name, digest) -> {
          User was = before.byName.get(name);
          User is = now.byName.get(name);
          if (was != null && is != null && was.password().text().equals(is.password().text())) {
            now.known.put(name, digest);
          }
        });
    users = now;
  }

  @Override
  public String name() {
    return "passwords";
  }

  @Override
  public CompletableFuture<Optional<Authentication>> judge(Credentials credentials) {
    String name = credentials.userName();
    if (name == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    Users now = users;
    User user = now.byName.get(name);
    Password given = credentials.password();
    byte[] password = given == null ? new byte[0] : given.bytes();
    byte[] digest = digests.of(password);
    User hashed = user == null ? now.standIn(name) : user;
    if (hashed == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return checks.check(
        credentials,
        () -> isKnown(name, digest) ? accepted(credentials) : Optional.empty(),
        () -> {
          boolean right = hashed.password().matches(password);
          return user == null ? Optional.empty() : checked(user, right, credentials, digest);
        });
  }

  private Optional<Authentication> checked(
      User user, boolean right, Credentials credentials, byte[] digest) {
    Users now = users; // the file may have changed while the check waited
    User present = now.byName.get(user.name());
    if (!right
        || present == null
        || present.disabled()
        || !present.password().text().equals(user.password().text())) {
      return Optional.of(new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD));
    }
    now.known.put(user.name(), digest);
    return accepted(credentials);
  }

  private static Optional<Authentication> accepted(Credentials credentials) {
    return Optional.of(new Authentication.Accepted(credentials.identity(credentials.namespace())));
  }

  /** Whether it is known to be the password of somebody who may come in. */
  private boolean isKnown(String name, byte[] digest) {
    Users now = users;
    User present = now.byName.get(name);
    byte[] known = now.known.get(name);
    return present != null
        && !present.disabled()
        && known != null
        && MessageDigest.isEqual(known, digest);
  }

  @Override
  public boolean haveKeys(ScramHash hash) {
    return !users.keys(hash).isEmpty();
  }

  @Override
  public ScramKeys keys(String user, ScramHash hash) {
    Users now = users;
    ScramKeys seeming = seemingKeys(now, user, hash); // in any case: it takes time
    return now.keys(user, hash).orElse(seeming);
  }

  /** Like those of one who is there, and the same wherever the file is. */
  private ScramKeys seemingKeys(Users now, String user, ScramHash hash) {
    List<ScramKeys> real = now.keys(hash);
    String said = hash.mechanismName() + User.SEPARATOR + user;
    byte[] digest = now.digest(said);
    if (real.isEmpty()) {
      return ScramKeys.ofNobody(hash, ScramKeys.LEAST_ITERATIONS, digest);
    }
    ScramKeys like = real.get(Users.place(digest, real.size()));
    int saltBytes = Math.min(like.salt().length, digest.length);
    return ScramKeys.ofNobody(hash, like.iterations(), Arrays.copyOf(digest, saltBytes));
  }

  @Override
  public boolean mayComeIn(String user, ScramKeys keys) {
    Users now = users;
    User present = now.byName.get(user);
    return present != null
        && !present.disabled()
        && now.keys(user, keys.hash()).filter(one -> one.text().equals(keys.text())).isPresent();
  }
}
