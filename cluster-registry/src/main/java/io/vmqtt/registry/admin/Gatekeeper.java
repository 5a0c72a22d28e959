package io.vmqtt.registry.admin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.operation.OperationKey;
import io.vmqtt.cluster.operation.OperationKeyFact;
import io.vmqtt.cluster.operators.Operator;
import io.vmqtt.cluster.operators.Operators;
import io.vmqtt.cluster.operators.OperatorsFact;
import io.vmqtt.registry.operators.OperatorPassword;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Knows who asks, by the password of an operator or a token that he got for it. A password that was
 * right is remembered for a minute, as a code by a key of the cluster; checks of others are few at
 * a time, and what is beyond that is refused, so that guessing costs this process little. Safe from
 * any thread.
 */
public final class Gatekeeper implements AutoCloseable {
  private static final String BASIC = "Basic ";
  private static final String BEARER = "Bearer ";
  private static final int CHECKS_AT_ONCE = 2;
  private static final int REMEMBERED = 1_000;
  private static final Duration MEMORY = Duration.ofMinutes(1);

  /** A name that is unknown costs as much as a password that is wrong. Made when it is needed. */
  private static final class Nobody {
    static final String HASH = OperatorPassword.hash(OperatorPassword.random());

    private Nobody() {}
  }

  private final AccessTokens tokens;
  private final List<Registration> watches;
  private final Semaphore checks = new Semaphore(CHECKS_AT_ONCE);
  private final Cache<String, Boolean> right =
      Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterWrite(MEMORY).build();
  private volatile Operators operators = Operators.NONE;
  private volatile @Nullable OperationKey key;

  /** Knows operators as the cluster does. */
  public Gatekeeper(ClusterFacts facts, InstantSource clock) {
    this.tokens = new AccessTokens(clock);
    this.watches =
        List.of(
            facts.of(OperatorsFact.OPERATORS).watch(known -> operators = known),
            facts.of(OperationKeyFact.OPERATION_KEY).watch(known -> key = known));
  }

  /**
   * Who says that.
   *
   * @param authorization as HTTP has it; null: nothing was said
   * @throws Problem if nobody can be believed to have said so
   */
  Operator know(@Nullable String authorization) {
    OperationKey present = present();
    if (authorization == null) {
      throw Problem.unauthorized("say who you are: a token, or name and password");
    }
    if (authorization.startsWith(BEARER)) {
      return tokens
          .read(authorization.substring(BEARER.length()), present, name -> operators.named(name))
          .orElseThrow(() -> Problem.unauthorized("the token is none, or has ended"));
    }
    if (authorization.startsWith(BASIC)) {
      return basic(authorization.substring(BASIC.length()), present);
    }
    throw Problem.unauthorized("Authorization is neither Bearer nor Basic");
  }

  /** Whether an operator is as he was when he was known: role, namespace and password. */
  boolean isStill(Operator operator) {
    return operators.named(operator.name()).filter(operator::equals).isPresent();
  }

  private OperationKey present() {
    OperationKey known = key;
    if (known == null || operators.all().isEmpty()) {
      throw Problem.unavailable("operators are not known yet; try again in a moment");
    }
    return known;
  }

  private Operator basic(String encoded, OperationKey present) {
    String said;
    try {
      said = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problem.unauthorized("Basic without base64");
    }
    int colon = said.indexOf(':');
    return password(said.substring(0, Math.max(colon, 0)), said.substring(colon + 1), present);
  }

  /**
   * A token for a password.
   *
   * @throws Problem if it is not right
   */
  AccessTokens.Issued token(String name, String password) {
    OperationKey present = present();
    return tokens.issue(password(name, password, present), present);
  }

  private Operator password(String name, String password, OperationKey present) {
    Optional<Operator> operator = operators.named(name);
    String hash = operator.map(Operator::password).orElseGet(() -> Nobody.HASH);
    String code = present.proofFor("right " + hash + ' ' + password);
    if (right.getIfPresent(code) == null) {
      if (!checks.tryAcquire()) {
        throw Problem.tooMany("too many passwords are being checked; try again in a moment");
      }
      try {
        if (!OperatorPassword.matches(password, hash) || operator.isEmpty()) {
          throw Problem.unauthorized("the name or the password is wrong");
        }
      } finally {
        checks.release();
      }
      right.put(code, true);
    }
    return operator.orElseThrow(() -> Problem.unauthorized("the name or the password is wrong"));
  }

  @Override
  public void close() {
    watches.forEach(Registration::close);
  }
}
