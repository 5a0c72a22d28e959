package io.vmqtt.registry.admin;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vmqtt.cluster.operation.OperationKey;
import io.vmqtt.cluster.operators.Operator;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that an operator gets for his password: JWTs, signed with a key of the cluster, so that
 * any registry takes those of any other. One is good for as long as it says, and no longer than its
 * operator has the password that he had then; he may what he may when it is shown.
 */
final class AccessTokens {
  static final Duration LIFETIME = Duration.ofHours(12);
  private static final String USE = "tokens of operators";
  private static final String PASSWORD = "pwd";

  private final InstantSource clock;

  AccessTokens(InstantSource clock) {
    this.clock = clock;
  }

  /** A token, and when it ends. */
  record Issued(String token, Instant expiresAt) {}

  Issued issue(Operator operator, OperationKey key) {
    Instant end = clock.instant().plus(LIFETIME);
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder()
                .subject(operator.name())
                .claim(PASSWORD, mark(operator, key))
                .expirationTime(Date.from(end))
                .build());
    try {
      token.sign(new MACSigner(key.derived(USE)));
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign a token", e);
    }
    return new Issued(token.serialize(), end);
  }

  /**
   * Whose token it is; empty: nobody's, or it is good no longer.
   *
   * @param named finds operators as they are now
   */
  Optional<Operator> read(
      String text, OperationKey key, Function<String, Optional<Operator>> named) {
    try {
      SignedJWT token = SignedJWT.parse(text);
      JWTClaimsSet claims = token.getJWTClaimsSet();
      @Nullable Date end = claims.getExpirationTime();
      @Nullable String subject = claims.getSubject();
      if (!token.getHeader().getAlgorithm().equals(JWSAlgorithm.HS256)
          || !token.verify(new MACVerifier(key.derived(USE)))
          || end == null
          || subject == null
          || !end.toInstant().isAfter(clock.instant())) {
        return Optional.empty();
      }
      @Nullable String mark = claims.getStringClaim(PASSWORD);
      return named.apply(subject).filter(operator -> mark(operator, key).equals(mark));
    } catch (ParseException | JOSEException e) {
      return Optional.empty();
    }
  }

  /** Is another one when the operator has another password. */
  private static String mark(Operator operator, OperationKey key) {
    return key.proofFor("password " + operator.password());
  }
}
