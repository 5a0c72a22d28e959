package io.vmqtt.gateway.access.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.JWKGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Exchange;
import io.vmqtt.gateway.access.ExchangeStep;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.testkit.tokens.EdKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class TokensTest {
  private static final Optional<Authentication> REFUSED =
      Optional.of(new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD));
  private static final TokenDemands NOTHING_ELSE =
      new TokenDemands(null, null, "sub", null, Map.of());

  private static final RSAKey RSA = made(new RSAKeyGenerator(2048).keyID("rsa"));
  private static final ECKey EC = made(new ECKeyGenerator(Curve.P_256).keyID("ec"));
  private static final OctetSequenceKey SECRET =
      made(new OctetSequenceKeyGenerator(256).keyID("secret"));

  private static final EdKey ED = new EdKey("ed");
  private final String said =
      "{\"sub\":\"anna\",\"exp\":%d}".formatted(Instant.now().getEpochSecond() + 600);
  private final CredentialChecks checks = new CredentialChecks(1, 10);
  private Tokens tokens = new Tokens(NOTHING_ELSE, checks, null, System::nanoTime);

  private static <K extends JWK> K made(JWKGenerator<K> generator) {
    try {
      return generator.generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("no key", e);
    }
  }

  @BeforeEach
  void allKeys() {
    demand(NOTHING_ELSE);
  }

  @AfterEach
  void close() {
    checks.close();
  }

  @ParameterizedTest
  @CsvSource({"RS256", "PS512", "ES256", "HS256"})
  void judge_goodToken_isLetInAsItsUser(String algorithm) {
    Instant end = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
    String token =
        signed(algorithm, claims().expirationTime(Date.from(end)).claim("floor", 3).build());

    assertEquals(
        Optional.of(
            new Authentication.Accepted(
                new Identity(
                    Namespace.of("here"),
                    "c",
                    "anna",
                    null,
                    null,
                    Map.of("sub", "anna", "floor", "3"),
                    end.toEpochMilli()))),
        judge(token));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EdDSA", "Ed25519"})
  void judge_signedByEd25519_isLetIn(String algorithm) {
    tokens.keys(EdKey.set(new EdKey("other"), ED));

    assertAccepted(judge(ED.token("{\"alg\":\"%s\",\"kid\":\"ed\"}".formatted(algorithm), said)));
    assertAccepted(judge(ED.token("{\"alg\":\"%s\"}".formatted(algorithm), said)));
  }

  /** RFC 9068 has tokens of OAuth say what they are. */
  @Test
  void judge_typeOfToken_isOneOfThoseThatTellWhoSomebodyIs() {
    tokens.keys(EdKey.set(ED));
    String header = "{\"alg\":\"EdDSA\",\"typ\":\"%s\"}";

    for (String type : List.of("JWT", "jwt", "at+jwt", "application/at+jwt")) {
      assertAccepted(judge(ED.token(header.formatted(type), said)));
    }
    assertEquals(REFUSED, judge(ED.token(header.formatted("logout+jwt"), said)));
  }

  /** Whoever makes up tokens does not say how much work each of them is. */
  @Test
  void judge_keyIsNotNamed_theFirstFewAreTried() {
    EdKey[] many = new EdKey[SigningKeys.MOST_TRIED + 1];
    Arrays.setAll(many, i -> new EdKey("key" + i));
    tokens.keys(EdKey.set(many));
    EdKey lastTried = many[SigningKeys.MOST_TRIED - 1];
    EdKey last = many[SigningKeys.MOST_TRIED];

    assertAccepted(judge(lastTried.token("{\"alg\":\"EdDSA\"}", said)));
    assertEquals(REFUSED, judge(last.token("{\"alg\":\"EdDSA\"}", said)));
    assertAccepted(judge(last.token(said)));
  }

  @Test
  void judge_signedByAnotherKeyOfEd25519OrWithWhatIsCritical_isRefused() {
    tokens.keys(EdKey.set(ED));
    String good = ED.token(said);

    assertEquals(REFUSED, judge(new EdKey("ed").token(said)));
    assertEquals(REFUSED, judge(good.substring(0, good.lastIndexOf('.')) + ".AAAA"));
    assertEquals(
        REFUSED, judge(ED.token("{\"alg\":\"EdDSA\",\"crit\":[\"exp\"],\"exp\":1}", said)));
    assertAccepted(judge(good));
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "", "eyJ", "eyJ.a", "a.b.c", "eyJa.b.c.d"})
  void judge_whatDoesNotLookLikeAToken_isForAnotherMethod(String password) {
    assertEquals(Optional.empty(), judge(password));
  }

  @Test
  void judge_endedOrNotBegunOrWithoutEnd_isRefused() {
    Date before = Date.from(Instant.now().minusSeconds(40));
    Date later = Date.from(Instant.now().plusSeconds(40));

    assertEquals(REFUSED, judge(signed("ES256", claims().expirationTime(before).build())));
    assertEquals(REFUSED, judge(signed("ES256", claims().notBeforeTime(later).build())));
    assertEquals(REFUSED, judge(signed("ES256", claims().expirationTime(null).build())));
    assertEquals(REFUSED, judge(signed("ES256", claims().subject(null).build())));
    assertEquals(REFUSED, judge(signed("ES256", claims().subject("").build())));
  }

  @Test
  void judge_signatureIsNotThatOfAKey_isRefused() throws JOSEException {
    String token = signed("ES256", claims().build());
    String other = signed("ES256", claims().subject("root").build());

    assertEquals(REFUSED, judge(new PlainJWT(claims().build()).serialize()));
    assertEquals(
        REFUSED,
        judge(
            other.substring(0, other.lastIndexOf('.')) + token.substring(token.lastIndexOf('.'))));
    tokens.keys(new JWKSet(RSA).toString());
    assertEquals(REFUSED, judge(token));
  }

  /** What is public must not be taken for a secret. */
  @Test
  void judge_signedWithAPublicKeyAsSecret_isRefused() throws JOSEException {
    SignedJWT forged =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa").build(), claims().build());
    forged.sign(new MACSigner(RSA.toRSAPublicKey().getEncoded()));

    assertEquals(REFUSED, judge(forged.serialize()));
  }

  /** What a client shows in an exchange is judged as if it were the password. */
  @Test
  void mechanism_token_isJudgedAsAPassword() {
    Exchange exchange =
        new TokenMechanism(tokens)
            .begin(new Credentials(Namespace.of("here"), "c", "anna", null, null, null));
    assertInstanceOf(ExchangeStep.Challenge.class, exchange.next(new byte[0]).join());

    for (String token : List.of(signed("ES256", claims().build()), "secret", "eyJ.a.b")) {
      ExchangeStep step = exchange.next(token.getBytes(StandardCharsets.UTF_8)).join();
      assertEquals(
          judge(token).orElse(REFUSED.orElseThrow()),
          assertInstanceOf(ExchangeStep.Decided.class, step).answer());
    }
  }

  @Test
  void judge_issuerAndAudience_haveToBeThose() {
    demand(new TokenDemands("us", "mqtt", "sub", null, Map.of()));

    assertAccepted(
        judge(signed("RS256", claims().issuer("us").audience(List.of("web", "mqtt")).build())));
    assertEquals(REFUSED, judge(signed("RS256", claims().issuer("us").audience("web").build())));
    assertEquals(REFUSED, judge(signed("RS256", claims().issuer("us").build())));
    assertEquals(REFUSED, judge(signed("RS256", claims().issuer("them").audience("mqtt").build())));
  }

  @Test
  void judge_claimsOfClientIdAndUserName_haveToBeThose() {
    demand(new TokenDemands(null, null, "sub", null, Map.of("device", "d-%c", "sub", "%u")));

    assertAccepted(judge(signed("RS256", claims().claim("device", "d-c").build())));
    assertEquals(REFUSED, judge(signed("RS256", claims().claim("device", "d-x").build())));
    assertEquals(REFUSED, judge(signed("RS256", claims().build())));
    assertEquals(
        REFUSED, judge(signed("RS256", claims().subject("%u").claim("device", "d-c").build())));
  }

  @Test
  void judge_namespaceIsAClaim_isThatOne() {
    demand(new TokenDemands(null, null, "sub", "ns", Map.of()));

    assertEquals(
        Namespace.of("plant"),
        judge(signed("RS256", claims().claim("ns", "plant").build()))
            .map(answer -> answer instanceof Authentication.Accepted(Identity who) ? who : null)
            .map(Identity::namespace)
            .orElseThrow());
    assertEquals(REFUSED, judge(signed("RS256", claims().build())));
    assertEquals(REFUSED, judge(signed("RS256", claims().claim("ns", "No Name").build())));
  }

  @Test
  void judge_rulesAreAClaim_areThoseOfItsIdentity() {
    demand(new TokenDemands(null, null, "sub", null, "acl", Map.of()));
    List<Map<String, Object>> acl =
        List.of(Map.of("allow", List.of("publish"), "topics", "a/#", "qos", List.of(0, 1)));

    assertEquals(
        OwnRules.read("[{\"allow\":\"publish\",\"topics\":\"a/#\",\"qos\":[0,1]}]"),
        identity(judge(signed("RS256", claims().claim("acl", acl).build()))).rules());
    assertEquals(
        OwnRules.NONE, identity(judge(signed("RS256", claims().build()))).rules(), "not all");
    assertEquals(REFUSED, judge(signed("RS256", claims().claim("acl", "all").build())));
    assertEquals(
        REFUSED,
        judge(signed("RS256", claims().claim("acl", List.of(Map.of("allow", "all"))).build())));

    demand(NOTHING_ELSE);
    assertNull(identity(judge(signed("RS256", claims().claim("acl", acl).build()))).rules());
  }

  /** Who has signed it did not mean it so, and would never know why its client does not come in. */
  @Test
  void judge_rulesThatCannotBeUsed_areInTheLogOnce() throws Exception {
    demand(new TokenDemands(null, null, "sub", null, "acl", Map.of()));
    Logger log = (Logger) LoggerFactory.getLogger(Tokens.class);
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    said.start();
    log.addAppender(said);
    try {
      for (int i = 0; i < 3; i++) {
        assertEquals(
            REFUSED,
            judge(
                signed(
                    "RS256",
                    claims()
                        .claim("acl", List.of(Map.of("allow", "publish", "topics", "a/#/b\n")))
                        .build())));
      }
    } finally {
      log.detachAppender(said);
    }

    assertEquals(1, said.list.size());
    String line = said.list.getFirst().getFormattedMessage();
    assertTrue(line.startsWith("a good token has rules that cannot be used: rule 1: "), line);
    assertFalse(line.contains("\n"), line);
  }

  private static Identity identity(Optional<Authentication> answer) {
    return assertInstanceOf(Authentication.Accepted.class, answer.orElseThrow()).identity();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "null",
        "{}",
        "{\"keys\":[]}",
        "{\"keys\":[{\"kty\":\"RSA\"}]}",
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"\"}]}"
      })
  void keys_whatIsNoSetOfKeys_isRefusedAndThoseOfBeforeStay(String json) {
    assertThrows(IllegalArgumentException.class, () -> tokens.keys(json));

    assertAccepted(judge(signed("RS256", claims().build())));
  }

  @Test
  void readClaims_list_isReadOrRefused() {
    assertEquals(Map.of("a", "%u", "b", "x=y"), TokenDemands.readClaims("a=%u,b=x=y"));
    for (String broken : List.of("", "a", "a=", "=b", "a=b,")) {
      assertThrows(IllegalArgumentException.class, () -> TokenDemands.readClaims(broken));
    }
  }

  private void demand(TokenDemands demands) {
    tokens = new Tokens(demands, checks, null, System::nanoTime);
    tokens.keys(new JWKSet(List.<JWK>of(RSA, EC, SECRET)).toString(false));
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .subject("anna")
        .expirationTime(Date.from(Instant.now().plusSeconds(60)));
  }

  private static String signed(String algorithm, JWTClaimsSet claims) {
    try {
      JWK key =
          switch (algorithm.substring(0, 2)) {
            case "ES" -> EC;
            case "HS" -> SECRET;
            default -> RSA;
          };
      JWSSigner signer =
          switch (algorithm.substring(0, 2)) {
            case "ES" -> new ECDSASigner(EC);
            case "HS" -> new MACSigner(SECRET);
            default -> new RSASSASigner(RSA);
          };
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)).keyID(key.getKeyID()).build(),
              claims);
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("no token", e);
    }
  }

  private Optional<Authentication> judge(String password) {
    return tokens
        .judge(
            new Credentials(
                Namespace.of("here"),
                "c",
                "anna",
                new Password(password.getBytes(StandardCharsets.UTF_8)),
                null,
                null))
        .join();
  }

  private static void assertAccepted(Optional<Authentication> answer) {
    assertTrue(answer.orElseThrow() instanceof Authentication.Accepted, answer::toString);
  }
}
