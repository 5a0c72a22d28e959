package io.vmqtt.gateway.access.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.AuthenticationMethod;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Users by signed tokens (JWT, RFC 7519), which they send as their password. A password that does
 * not look like one is for another method; one that does, and is not good, is refused. What a token
 * says beside the user name are the claims of its identity, which ends with it.
 */
public final class Tokens implements AuthenticationMethod {
  private static final int CLOCK_SKEW_SECONDS = 30;

  /** What a signature may be; which of them a key can make, the key says. */
  private static final Set<JWSAlgorithm> ALGORITHMS = algorithms();

  private final TokenDemands demands;
  private final CredentialChecks checks;
  private volatile DefaultJWTProcessor<SecurityContext> processor;

  /**
   * Tokens of whoever has one of the keys that come. Signatures are looked at by {@code checks}.
   */
  public Tokens(TokenDemands demands, CredentialChecks checks) {
    this.demands = demands;
    this.checks = checks;
    this.processor = processor(new JWKSet());
  }

  private static Set<JWSAlgorithm> algorithms() {
    Set<JWSAlgorithm> all = new HashSet<>();
    all.addAll(JWSAlgorithm.Family.RSA);
    all.addAll(JWSAlgorithm.Family.EC);
    all.addAll(JWSAlgorithm.Family.HMAC_SHA);
    all.remove(JWSAlgorithm.ES256K);
    return Set.copyOf(all);
  }

  /**
   * From here on these are the keys: a set of JSON Web Keys (RFC 7517).
   *
   * @throws IllegalArgumentException if they cannot be read, or are none
   */
  public void keys(String json) {
    JWKSet keys;
    try {
      keys = JWKSet.parse(json);
    } catch (ParseException e) {
      throw new IllegalArgumentException("no set of JSON Web Keys: " + e.getMessage(), e);
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("a set of JSON Web Keys without any");
    }
    processor = processor(keys);
  }

  private DefaultJWTProcessor<SecurityContext> processor(JWKSet keys) {
    JWTClaimsSet.Builder exact = new JWTClaimsSet.Builder();
    if (demands.issuer() != null) {
      exact.issuer(demands.issuer());
    }
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            demands.audience(), exact.build(), Set.of("exp", demands.userClaim()));
    claims.setMaxClockSkew(CLOCK_SKEW_SECONDS);
    DefaultJWTProcessor<SecurityContext> made = new DefaultJWTProcessor<>();
    made.setJWSKeySelector(
        new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(keys)));
    made.setJWTClaimsSetVerifier(claims);
    return made;
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
    DefaultJWTProcessor<SecurityContext> now = processor;
    return checks.check(credentials, () -> Optional.of(judged(now, token, credentials)));
  }

  /** Three parts, of which the first is an object of JSON. */
  private static boolean looksLikeOne(String password) {
    return password.startsWith("eyJ") && password.chars().filter(each -> each == '.').count() == 2;
  }

  private Authentication judged(
      DefaultJWTProcessor<SecurityContext> by, String token, Credentials credentials) {
    try {
      JWTClaimsSet said = by.process(token, null);
      Map<String, String> claims = texts(said);
      String user = claims.getOrDefault(demands.userClaim(), "");
      Namespace namespace = namespace(claims, credentials);
      if (!user.isEmpty() && namespace != null && demands.areMet(claims, credentials)) {
        return new Authentication.Accepted(
            new Identity(
                namespace,
                credentials.clientId(),
                user,
                credentials.peer(),
                credentials.certificate(),
                claims,
                said.getExpirationTime().toInstant().toEpochMilli()));
      }
    } catch (ParseException | BadJOSEException | JOSEException _) {
      // It is not good. Why, is nobody's business who has not made it.
    }
    return new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
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
