package io.vmqtt.gateway.access.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.gateway.access.Answers;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.AuthenticationMethod;
import io.vmqtt.gateway.access.Complaints;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.PublicKey;
import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users by signed tokens (JWT, RFC 7519), which they send as their password. A password that does
 * not look like one is for another method; one that does, and is not good, is refused. What a token
 * says beside the user name are the claims of its identity, which ends with it.
 */
public final class Tokens implements AuthenticationMethod {
  private static final Logger log = LoggerFactory.getLogger(Tokens.class);
  private static final int CLOCK_SKEW_SECONDS = 30;
  private static final Authentication REFUSED =
      new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
  private static final Authentication UNAVAILABLE =
      new Authentication.Refused(ReasonCode.SERVER_UNAVAILABLE);

  /** What tokens call themselves, if anything: those of OAuth say that they are (RFC 9068). */
  private static final DefaultJOSEObjectTypeVerifier<SecurityContext> TYPES =
      new DefaultJOSEObjectTypeVerifier<>(
          JOSEObjectType.JWT,
          new JOSEObjectType("at+jwt"),
          new JOSEObjectType("application/at+jwt"),
          null);

  private final TokenDemands demands;
  private final CredentialChecks checks;
  private final @Nullable IssuerKeys issuer;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
  private final Complaints complaints;
  private volatile SigningKeys own = SigningKeys.NONE;

  /**
   * Tokens of whoever has one of the keys that come. Signatures are looked at by {@code checks}.
   *
   * @param issuer who names further keys; null: nobody
   */
  public Tokens(
      TokenDemands demands,
      CredentialChecks checks,
      @Nullable IssuerKeys issuer,
      LongSupplier nanoClock) {
    this.complaints =
        new Complaints(
            nanoClock,
            why ->
                log.warn(
                    "a good token has rules that cannot be used: {}; its client is refused", why));
    this.demands = demands;
    this.checks = checks;
    this.issuer = issuer;
    processor.setJWSTypeVerifier(TYPES);
    processor.setJWSKeySelector((header, _) -> keys().of(header));
    processor.setJWSVerifierFactory(new Verifiers());
    processor.setJWTClaimsSetVerifier(claims());
  }

  /** Those of Nimbus, and one of our own. */
  private static final class Verifiers extends DefaultJWSVerifierFactory {
    @Override
    public JWSVerifier createJWSVerifier(JWSHeader header, Key key) throws JOSEException {
      return EdDsaVerifier.ALGORITHMS.contains(header.getAlgorithm())
              && key instanceof PublicKey open
          ? new EdDsaVerifier(open)
          : super.createJWSVerifier(header, key);
    }
  }

  private DefaultJWTClaimsVerifier<SecurityContext> claims() {
    JWTClaimsSet.Builder exact = new JWTClaimsSet.Builder();
    if (demands.issuer() != null) {
      exact.issuer(demands.issuer());
    }
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            demands.audience(), exact.build(), Set.of("exp", demands.userClaim()));
    claims.setMaxClockSkew(CLOCK_SKEW_SECONDS);
    return claims;
  }

  /**
   * From here on these are the keys, beside those of the issuer: a set of JSON Web Keys (RFC 7517).
   *
   * @throws IllegalArgumentException if they cannot be read, or are none
   */
  public void keys(String json) {
    own = SigningKeys.read(json);
  }

  private SigningKeys keys() {
    return issuer == null ? own : own.and(issuer.present());
  }

  @Override
  public String name() {
    return "tokens";
  }

  @Override
  public CompletableFuture<Optional<Authentication>> judge(Credentials credentials) {
    Password password = credentials.password();
    String token = password == null ? "" : new String(password.bytes(), StandardCharsets.US_ASCII);
    if (!looksLikeOne(token)) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    CompletableFuture<Optional<Authentication>> first =
        checks.check(credentials, () -> judged(token, credentials));
    CompletableFuture<Optional<Authentication>> answer =
        first.thenCompose(known -> known.isPresent() ? first : judgedAnew(token, credentials));
    Answers.waitsFor(answer, first);
    return answer;
  }

  /** Three parts, of which the first is an object of JSON. */
  private static boolean looksLikeOne(String password) {
    return password.startsWith("eyJ") && password.chars().filter(each -> each == '.').count() == 2;
  }

  /** With the keys that its issuer names now; unavailable where it cannot be known which. */
  private CompletableFuture<Optional<Authentication>> judgedAnew(
      String token, Credentials credentials) {
    if (issuer == null) {
      return CompletableFuture.completedFuture(Optional.of(REFUSED));
    }
    return issuer
        .askAgain()
        .thenCompose(
            answered ->
                Answers.map(
                    checks.check(credentials, () -> judged(token, credentials)),
                    known -> known.or(() -> Optional.of(answered ? REFUSED : UNAVAILABLE))));
  }

  /** Empty: no key that is known could have signed it. */
  private Optional<Authentication> judged(String token, Credentials credentials) {
    try {
      SignedJWT signed = SignedJWT.parse(token);
      return keys().of(signed.getHeader()).isEmpty()
          ? Optional.empty()
          : Optional.of(judged(processor.process(signed, null), credentials));
    } catch (ParseException | BadJOSEException | JOSEException _) {
      // It is not good. Why, is nobody's business who has not made it.
      return Optional.of(REFUSED);
    }
  }

  private Authentication judged(JWTClaimsSet said, Credentials credentials) {
    OwnRules rules;
    try {
      rules = rules(said);
    } catch (IllegalArgumentException e) {
      complaints.add(String.valueOf(e.getMessage()));
      return REFUSED; // it may do less than its token would say if it could be read
    }
    Map<String, String> claims = texts(said);
    String user = claims.getOrDefault(demands.userClaim(), "");
    Namespace namespace = namespace(claims, credentials);
    return user.isEmpty() || namespace == null || !demands.areMet(claims, credentials)
        ? REFUSED
        : new Authentication.Accepted(
            new Identity(
                namespace,
                credentials.clientId(),
                user,
                credentials.peer(),
                credentials.certificate(),
                claims,
                said.getExpirationTime().toInstant().toEpochMilli(),
                rules));
  }

  /** Null: tokens say none. */
  private @Nullable OwnRules rules(JWTClaimsSet said) {
    if (demands.rulesClaim() == null) {
      return null;
    }
    Object rules = said.getClaim(demands.rulesClaim());
    return rules == null ? OwnRules.NONE : OwnRules.of(rules);
  }

  /** Null: it says none that can be. */
  private @Nullable Namespace namespace(Map<String, String> claims, Credentials credentials) {
    String claim = demands.namespaceClaim();
    if (claim == null) {
      return credentials.namespace();
    }
    String name = claims.get(claim);
    return name != null && Namespace.isName(name) ? Namespace.of(name) : null;
  }

  /** Those that are a text, a number or a truth. */
  private static Map<String, String> texts(JWTClaimsSet said) {
    Map<String, String> texts = new HashMap<>();
    said.getClaims()
        .forEach(
            (name, value) -> {
              if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                texts.put(name, value.toString());
              }
            });
    return texts;
  }
}
