package io.vmqtt.registry.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.operation.OperationKey;
import io.vmqtt.cluster.operation.OperationKeyFact;
import io.vmqtt.cluster.operators.Operator;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.cluster.operators.Operators;
import io.vmqtt.cluster.operators.OperatorsFact;
import io.vmqtt.registry.operators.OperatorPassword;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatekeeperTest {
  private static final Operator ANNA =
      new Operator("anna", OperatorRole.OPERATOR, null, OperatorPassword.hash("correct horse"));

  private final EmbeddedClusterFacts facts = new EmbeddedClusterFacts(Runnable::run);
  private Instant now = Instant.parse("2026-11-27T12:00:00Z");
  private final Gatekeeper gatekeeper = new Gatekeeper(facts, () -> now);

  @BeforeEach
  void begin() {
    facts.of(OperationKeyFact.OPERATION_KEY).create(OperationKey.random(new SecureRandom()));
    facts.of(OperatorsFact.OPERATORS).create(new Operators(1, List.of(ANNA)));
  }

  @AfterEach
  void end() {
    gatekeeper.close();
    facts.close();
  }

  private static String basic(String name, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((name + ':' + password).getBytes(StandardCharsets.UTF_8));
  }

  private int refusal(String authorization) {
    return assertThrows(Problem.class, () -> gatekeeper.know(authorization)).status();
  }

  private void replace(Operator operator) {
    assertEquals(
        true,
        facts
            .of(OperatorsFact.OPERATORS)
            .replace(new Operators(1, List.of(ANNA)), new Operators(2, List.of(operator))));
  }

  @Test
  void know_rightPassword_isTheOperator() {
    assertEquals(ANNA, gatekeeper.know(basic("anna", "correct horse")));
    assertEquals(ANNA, gatekeeper.know(basic("anna", "correct horse")));
  }

  @Test
  void know_anythingElse_isRefused() {
    assertEquals(401, assertThrows(Problem.class, () -> gatekeeper.know(null)).status());
    assertEquals(401, refusal(basic("anna", "staple")));
    assertEquals(401, refusal(basic("bob", "correct horse")));
    assertEquals(401, refusal("Basic !"));
    assertEquals(401, refusal("Basic " + Base64.getEncoder().encodeToString(new byte[] {'x'})));
    assertEquals(401, refusal("Digest x"));
    assertEquals(401, refusal("Bearer x.y.z"));
  }

  @Test
  void know_passwordThatWasRight_isWrongOnceItIsAnother() {
    gatekeeper.know(basic("anna", "correct horse"));
    replace(new Operator("anna", OperatorRole.OPERATOR, null, OperatorPassword.hash("staple")));

    assertEquals(401, refusal(basic("anna", "correct horse")));
    assertEquals("anna", gatekeeper.know(basic("anna", "staple")).name());
  }

  @Test
  void token_isGoodForItsTimeAndNoLonger() {
    String bearer = "Bearer " + gatekeeper.token("anna", "correct horse").token();

    assertEquals(ANNA, gatekeeper.know(bearer));
    now = now.plus(AccessTokens.LIFETIME).minus(Duration.ofSeconds(2));
    assertEquals(ANNA, gatekeeper.know(bearer));
    now = now.plus(Duration.ofSeconds(2));
    assertEquals(401, refusal(bearer));
  }

  @Test
  void token_ofWhoHasAnotherRole_hasThatRole() {
    String bearer = "Bearer " + gatekeeper.token("anna", "correct horse").token();
    replace(new Operator("anna", OperatorRole.VIEWER, null, ANNA.password()));

    assertEquals(OperatorRole.VIEWER, gatekeeper.know(bearer).role());
  }

  @Test
  void token_ofWhoHasAnotherPassword_isGoodNoLonger() {
    String bearer = "Bearer " + gatekeeper.token("anna", "correct horse").token();
    replace(new Operator("anna", OperatorRole.OPERATOR, null, OperatorPassword.hash("staple")));

    assertEquals(401, refusal(bearer));
  }

  @Test
  void token_signedByNobody_isRefused() {
    String token = gatekeeper.token("anna", "correct horse").token();
    String payload = token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
    String none =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));

    assertEquals(401, refusal("Bearer " + none + '.' + payload + '.'));
    assertEquals(401, refusal("Bearer " + token.substring(0, token.lastIndexOf('.')) + ".AAAA"));
  }

  @Test
  void know_beforeThereAreOperators_isUnavailable() {
    try (EmbeddedClusterFacts empty = new EmbeddedClusterFacts(Runnable::run);
        Gatekeeper early = new Gatekeeper(empty, () -> now)) {
      assertEquals(
          503,
          assertThrows(Problem.class, () -> early.know(basic("anna", "correct horse"))).status());
    }
  }
}
